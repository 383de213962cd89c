import { UsageError } from "../usage-error.ts";

/** Room for what is put behind it: a build's number, a pod's suffix. */
const LONGEST = 58;

/** `https://host/team/shop.git` is the application `shop`. */
export const appNameOf = (uri: string): string => {
  const last =
    uri
      .replace(/[/\\]+$/, "")
      .split(/[/:]/)
      .at(-1) ?? "";
  const name = last
    .replace(/\.git$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, LONGEST)
    .replace(/-+$/, "");
  if (name === "") throw new UsageError(`No name can be made from ${uri}: choose one with --name.`);
  return name;
};
