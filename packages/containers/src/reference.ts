/**
 * The reference with `:latest` where it has neither tag nor digest. An engine takes a bare name as "all tags", which no
 * caller of ours ever means.
 */
export const withTag = (ref: string): string =>
  ref.includes("@") || ref.lastIndexOf(":") > ref.lastIndexOf("/") ? ref : `${ref}:latest`;
