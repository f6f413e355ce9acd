/** How the names of the domain become names of the API. */
export const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const irregular: Readonly<Record<string, string>> = { person: 'people', evidence: 'evidence', criterion: 'criteria' };

export function plural(name: string): string {
  const [, before = '', last = name] = /^(.*?)([A-Z]?[a-z]+)$/.exec(name) ?? [];
  const known = irregular[last.toLowerCase()];
  if (known) return before + (last === last.toLowerCase() ? known : pascal(known));
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

export function singular(name: string): string {
  if (/ies$/.test(name)) return `${name.slice(0, -3)}y`;
  if (/(ss|us|is)$/.test(name)) return name;
  if (/(sses|xes|zes|ches|shes)$/.test(name)) return name.slice(0, -2);
  return name.replace(/s$/, '');
}

/** Type names of one schema: each is given once. */
export class Names {
  private readonly taken = new Set<string>();

  /** `name`, or with the first suffix that makes it free. Throws when none does: the definitions need better names. */
  claim(name: string, ...suffixes: readonly string[]): string {
    const free = [name, ...suffixes.map((suffix) => name + suffix)].find((one) => !this.taken.has(one));
    if (free === undefined) throw new Error(`GraphQL: the type name ${name} is needed twice`);
    this.taken.add(free);
    return free;
  }
}
