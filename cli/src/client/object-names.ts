import { UsageError } from "../usage-error.ts";

/** Objects named on the command line: a kind alone, or kind and name. */
export interface ObjectName {
  readonly kind: string;
  readonly name?: string;
}

/** The kinds that `all` stands for: what an application is made of. */
const ALL = ["pods", "replicationcontrollers", "services", "routes", "buildconfigs", "builds", "imagestreams"];

/** Reads `all`, `pods`, `pod web-1 web-2`, `pod/web-1 rc/web` and `pods,services`. */
export const parseObjectNames = (args: readonly string[]): ObjectName[] => {
  const [first] = args;
  if (first === undefined) return [];
  if (args.some((arg) => arg.includes("/"))) {
    return args.map((arg) => {
      const [kind = "", name = "", ...rest] = arg.split("/");
      if (kind === "" || name === "" || rest.length > 0) {
        throw new UsageError(`"${arg}" is not kind/name: write all arguments as kind/name, or one kind and its names.`);
      }
      return { kind, name };
    });
  }
  const kinds = first.split(",").flatMap((kind) => (kind === "all" ? ALL : kind === "" ? [] : [kind]));
  const names = args.slice(1);
  if (first.split(",").includes("all") && names.length > 0)
    throw new UsageError("`all` takes no names: choose by label with -l, or write kind/name.");
  if (names.length === 0) return kinds.map((kind) => ({ kind }));
  return kinds.flatMap((kind) => names.map((name) => ({ kind, name })));
};
