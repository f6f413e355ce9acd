import { textOf } from './files.js';

export type Instruction = { readonly name: string; readonly rest: string };
export type Stage = { readonly image: string; readonly name: string; readonly instructions: readonly Instruction[] };

/** The stages of the Dockerfile; continued lines are joined. */
export function stagesOf(file: string): readonly Stage[] {
  const lines = textOf(file)
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: { image: string; name: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    const [, image = '', stage = ''] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
    if (name === 'FROM') stages.push({ image, name: stage, instructions: [] });
    else stages.at(-1)?.instructions.push({ name, rest });
  }
  return stages;
}

/** All of one kind in a stage, in order. */
export const every = (stage: Stage | undefined, name: string): readonly string[] =>
  (stage?.instructions ?? []).filter((instruction) => instruction.name === name).map(({ rest }) => rest);

export type Copy = { readonly from: string | undefined; readonly sources: readonly string[]; readonly target: string };

export function copiesOf(stage: Stage): readonly Copy[] {
  return every(stage, 'COPY').map((rest) => {
    const words = rest.split(/\s+/);
    const [, from] = /--from=(\S+)/.exec(rest) ?? [];
    const paths = words.filter((word) => !word.startsWith('--'));
    return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
  });
}
