import type { ASTNode, DocumentNode } from 'graphql';
import { Kind, Location, Token, visit } from 'graphql';

/** What an answer may point at when a document that was found good fails while it is run. */
const pointedAt: ReadonlySet<string> = new Set([Kind.FIELD, Kind.VARIABLE_DEFINITION, Kind.DIRECTIVE]);

/**
 * The same document without what only parsing and validation need: its tokens, each linked to the next, take several
 * times the room of the rest. Answers still say where an error lies.
 */
export const leanDocument = (document: DocumentNode): DocumentNode =>
  visit(document, {
    enter({ loc, ...node }: ASTNode) {
      if (!loc || !pointedAt.has(node.kind)) return node;
      return { ...node, loc: new Location(unlinked(loc.startToken), unlinked(loc.endToken), loc.source) };
    },
  });

const unlinked = ({ kind, start, end, line, column }: Token): Token => new Token(kind, start, end, line, column);
