import { SlipwayError } from "@slipway/kernel";
import { type ApiObject, objectOf } from "../client/api-object.ts";
import type { Session } from "../client/session.ts";
import { watch } from "../client/watch.ts";
import { at } from "../tables/columns.ts";

const ENDED = new Set(["Complete", "Failed", "Error", "Cancelled"]);

/** Waits for a build's end by watching it; `onChange` sees each state. Throws with reason and last log lines when it failed. */
export const waitForBuild = async (
  session: Session,
  name: string,
  signal: AbortSignal,
  onChange: (build: ApiObject) => void = () => {},
): Promise<ApiObject> => {
  for await (const { type, resource } of watch(session, { kind: "builds", project: session.project, name }, signal)) {
    if (type === "BOOKMARK") continue;
    const build = objectOf(resource);
    if (type === "DELETED") throw new SlipwayError("NotFound", `Build "${name}" was deleted.`);
    onChange(build);
    const phase = String(at(build, "status.phase") ?? "");
    if (!ENDED.has(phase)) continue;
    if (phase === "Complete") return build;
    const lines = String(at(build, "status.logSnippet") ?? "").trim();
    const why = [at(build, "status.reason"), at(build, "status.message")].filter(Boolean).join(": ");
    throw new SlipwayError(
      "FailedPrecondition",
      `Build "${name}" ended as ${phase}: ${why.replace(/\.$/, "") || "no reason given"}.${lines ? `\n${lines}` : ""}`,
    );
  }
  throw new SlipwayError("Cancelled", `Build "${name}" is no longer watched.`);
};

/** What a build is doing now, in a few words. */
export const buildStage = (build: ApiObject): string => {
  const stages = (at(build, "status.stages") ?? []) as readonly { name?: string }[];
  const words: Readonly<Record<string, string>> = {
    FetchInputs: "fetching the source",
    PullImages: "pulling images",
    Build: "building",
    PushImage: "pushing the image",
  };
  const last = stages.at(-1)?.name ?? "";
  return words[last] ?? String(at(build, "status.phase") ?? "waiting").toLowerCase();
};
