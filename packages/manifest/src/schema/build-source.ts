import type { BuildSourceJson, GitBuildSourceJson } from "@slipway/proto";
import { gitRef, gitUri, pathInSource } from "../format/addresses.ts";
import { type Field, later, laterMember, object, type Report, string } from "./field.ts";

const BUILT: readonly string[] = ["Git", "Dockerfile"];

const git = object<GitBuildSourceJson>({
  uri: string({ required: true, format: gitUri }),
  ref: string({ format: gitRef }),
  httpProxy: later(),
  httpsProxy: later(),
  noProxy: later(),
});

const checkSource = (source: BuildSourceJson, report: Report): void => {
  if (source.dockerfile !== undefined && source.dockerfile.trim() === "") report(".dockerfile", "Required value");
};

/** Where a build takes its input from. */
export const buildSource = (): Field =>
  object<BuildSourceJson>(
    {
      type: string({ values: BUILT, later: ["Binary", "Image", "None"] }),
      git,
      dockerfile: string({ keepEmpty: true }),
      contextDir: string({ format: pathInSource }),
      binary: laterMember(),
      images: later(),
      sourceSecret: later(),
      secrets: later(),
      configMaps: later(),
    },
    {
      implied: true,
      complete: (source) => {
        // As in OpenShift, what is given tells the type, whichever of the two was written.
        if (source.type === undefined || BUILT.includes(source.type)) {
          if (source.git) source.type = "Git";
          else if (source.dockerfile !== undefined) source.type = "Dockerfile";
        }
        if (source.contextDir === undefined) return;
        // `/` and `./web/` are written for "the root" and "web".
        const parts = source.contextDir.split("/").filter((part) => part !== "" && part !== ".");
        if (parts.length > 0) source.contextDir = parts.join("/");
        else delete source.contextDir;
      },
      check: checkSource,
    },
  );
