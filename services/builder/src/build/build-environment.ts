import type { BuildJson, EnvVarJson } from "@slipway/proto";
import { maskUrls } from "./mask.ts";

/** A list of variables as a record; `$(NAME)` of an earlier one is replaced, `$$` stands for one `$`. */
export const envRecord = (
  list: readonly EnvVarJson[] = [],
  before: Readonly<Record<string, string>> = {},
): Record<string, string> => {
  const env: Record<string, string> = {};
  for (const { name = "", value = "" } of list) {
    if (name === "") continue;
    env[name] = value.replace(/\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g, (match, reference: string | undefined) =>
      reference === undefined ? "$" : (env[reference] ?? before[reference] ?? match),
    );
  }
  return env;
};

/** What every image tells of the build that made it. */
export const buildInfoEnv = (build: BuildJson, commit: string | undefined): Record<string, string> => {
  const git = build.spec?.source?.git;
  const entries: [string, string | undefined][] = [
    ["OPENSHIFT_BUILD_NAME", build.metadata?.name],
    ["OPENSHIFT_BUILD_NAMESPACE", build.metadata?.namespace],
    ["OPENSHIFT_BUILD_SOURCE", git?.uri && maskUrls(git.uri)],
    ["OPENSHIFT_BUILD_REFERENCE", git?.ref],
    ["OPENSHIFT_BUILD_COMMIT", commit],
  ];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => (entry[1] ?? "") !== ""));
};
