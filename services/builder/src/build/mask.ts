/** Hides secrets in a text that users will see. */
export type Mask = (text: string) => string;

/** `https://user:password@host` and `https://token@host`; in other schemes only what holds a password (`ssh://git@host` stays). */
const USER_INFO = /\b(https?:\/\/)[^\s/]+@|\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/]*@/gi;

/** Shorter ones would turn ordinary words into stars. */
const SHORTEST_SECRET = 4;

/** Hides what stands before the `@` of a URL. */
export const maskUrls: Mask = (text) =>
  text.replace(USER_INFO, (_match, http: string | undefined, other: string | undefined) => `${http ?? other}***@`);

/** The user names and passwords within a URL, as they stand there and decoded. */
export const secretsOfUrl = (url: string): string[] => {
  const userInfo = /^[a-z][a-z0-9+.-]*:\/\/([^\s/]+)@/i.exec(url)?.[1];
  if (userInfo === undefined) return [];
  const colon = userInfo.indexOf(":");
  const isHttp = /^https?:/i.test(url);
  const parts = colon >= 0 ? [userInfo.slice(colon + 1)] : isHttp ? [userInfo] : [];
  return parts.flatMap((part) => [part, decoded(part)]);
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Hides URLs' user parts and these secrets wherever they stand. */
export const createMask = (secrets: readonly string[]): Mask => {
  const long = [...new Set(secrets)]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  return (text) => long.reduce((masked, secret) => masked.replaceAll(secret, "***"), maskUrls(text));
};
