/** A new random UUID (version 4), from the platform's crypto source. */
export const newId = (): string => globalThis.crypto.randomUUID();

/** Letters and digits without vowels and look-alikes, as Kubernetes uses them in generated names. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** `length` characters for a generated name, from numbers in [0, 1). */
export const shortId = (random: () => number, length = 5): string => {
  let id = "";
  for (let i = 0; i < length; i++) id += ALPHABET[Math.floor(random() * ALPHABET.length)];
  return id;
};

/**
 * A UUID (version 8 layout) made from text alone, so that a decision taken twice carries the same event ids and the
 * log stores it once. Four rounds of a 32-bit mix (the finaliser of MurmurHash3) with different seeds: no secret, no
 * cryptographic strength, 122 bits against accidents.
 */
export const deterministicUuid = (text: string): string => {
  const words = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f].map((seed) => mix(text, seed));
  const hex = words.map((word) => word.toString(16).padStart(8, "0")).join("");
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const mix = (text: string, seed: number): number => {
  let hash = seed;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0xcc9e2d51);
    hash = (hash << 15) | (hash >>> 17);
    hash = Math.imul(hash, 0x1b873593) + 0xe6546b64;
  }
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
