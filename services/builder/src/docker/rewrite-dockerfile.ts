import { BuildFailure } from "../build/build-failure.ts";
import { dockerfileAssignments, type From, type Instruction, parseDockerfile, parseFrom } from "./dockerfile.ts";

interface RewriteOptions {
  /** Takes the place of the image of the last FROM. */
  readonly from?: string;
  /** Set in every stage, from its FROM on, and so in the image. */
  readonly env: Readonly<Record<string, string>>;
  /** Set at the end of the last stage. */
  readonly finalEnv: Readonly<Record<string, string>>;
  /** Also set at the end: in one instruction, for each costs the engine a container. */
  readonly labels: Readonly<Record<string, string>>;
  /** What builds are handed: declared in every stage that runs something, never set in the image. */
  readonly handedIn: readonly string[];
  /** Copies the CA bundle into every stage that runs something: the classic builder has no mounts. */
  readonly caBundle?: { readonly image: string; readonly source: string; readonly target: string };
}

export interface RewrittenDockerfile {
  readonly text: string;
  /** Images of other registries or of the engine that it starts from; those named by a build argument are left out. */
  readonly baseImages: readonly string[];
}

interface Stage {
  readonly from: From;
  readonly instruction: Instruction;
  readonly runs: boolean;
}

/** The Dockerfile as the platform builds it. `ManageDockerfileFailed` when it has no FROM. */
export const rewriteDockerfile = (text: string, options: RewriteOptions): RewrittenDockerfile => {
  const stages = stagesOf(parseDockerfile(text));
  const last = stages.at(-1);
  if (last === undefined) {
    throw new BuildFailure(
      "ManageDockerfileFailed",
      "The Dockerfile has no FROM instruction: begin it with FROM <image>.",
    );
  }
  const lines = text.split("\n");
  const output: string[] = [];
  let next = 0;
  for (const stage of stages) {
    output.push(...lines.slice(next, stage.instruction.start));
    next = stage.instruction.end;
    if (stage === last && options.from !== undefined) {
      const alias = stage.from.alias === "" ? "" : ` AS ${stage.from.alias}`;
      output.push(`FROM ${stage.from.flags}${options.from}${alias}`);
    } else output.push(...lines.slice(stage.instruction.start, stage.instruction.end));
    output.push(...afterFrom(stage, options));
  }
  output.push(...lines.slice(next));
  if (Object.keys(options.finalEnv).length > 0) output.push(`ENV ${dockerfileAssignments(options.finalEnv)}`);
  if (Object.keys(options.labels).length > 0) output.push(`LABEL ${dockerfileAssignments(options.labels)}`);
  return { text: `${output.join("\n").trimEnd()}\n`, baseImages: baseImages(stages, options.from) };
};

const stagesOf = (instructions: readonly Instruction[]): Stage[] => {
  const froms = instructions.flatMap((instruction, index) =>
    instruction.name === "FROM" ? [{ instruction, index }] : [],
  );
  return froms.map(({ instruction, index }, i) => ({
    instruction,
    from: parseFrom(instruction.args),
    runs: instructions.slice(index, froms[i + 1]?.index).some(({ name }) => name === "RUN"),
  }));
};

const afterFrom = (stage: Stage, { env, handedIn, caBundle }: RewriteOptions): string[] => {
  const lines: string[] = [];
  if (Object.keys(env).length > 0) lines.push(`ENV ${dockerfileAssignments(env)}`);
  if (!stage.runs) return lines;
  if (caBundle !== undefined) lines.push(`COPY --from=${caBundle.image} ${caBundle.source} ${caBundle.target}`);
  for (const name of handedIn) lines.push(`ARG ${name}`);
  return lines;
};

const baseImages = (stages: readonly Stage[], from: string | undefined): string[] => {
  const images = stages.map((stage, i) => (i === stages.length - 1 && from !== undefined ? from : stage.from.image));
  const names = new Set(stages.map((stage) => stage.from.alias.toLowerCase()));
  const external = images.filter(
    (image) => image !== "scratch" && !image.includes("$") && !names.has(image.toLowerCase()),
  );
  return [...new Set(external)];
};
