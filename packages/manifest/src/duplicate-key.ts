import { type Document, isMap, isScalar, visit } from "yaml";

/** Where a key stands a second time in its map, as the offset in the text; merges (`<<`) may repeat. */
export const duplicateKey = (
  document: Document.Parsed,
): { readonly key: string; readonly offset: number } | undefined => {
  let found: { key: string; offset: number } | undefined;
  // The parser's own check compares every key with every other one: a minute and a half for 80,000 keys.
  visit(document, {
    Map: (_, node) => {
      if (!isMap(node)) return undefined;
      const keys = new Set<string>();
      for (const { key } of node.items) {
        if (!isScalar(key) || key.value === "<<" || typeof key.value === "symbol") continue;
        const name = String(key.value);
        if (keys.has(name)) {
          found = { key: name, offset: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        keys.add(name);
      }
      return undefined;
    },
  });
  return found;
};
