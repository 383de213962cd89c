import { type FieldProblem, SlipwayError } from "@slipway/kernel";
import type { StartBuildRequest } from "@slipway/proto";

const ENV_NAME = /^[A-Za-z_.-][A-Za-z0-9_.-]*$/;
/** A hash, a branch or a tag: nothing that git could take for an option. */
const COMMIT = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$/;

/** Refuses what a build could not be made with, with every problem at once. */
export const checkStart = ({ commit, env }: StartBuildRequest): void => {
  const problems: FieldProblem[] = [];
  if (commit !== "" && !COMMIT.test(commit)) {
    problems.push({ path: "commit", message: `Invalid value: "${commit}": must be a commit, a branch or a tag` });
  }
  env.forEach(({ name }, i) => {
    if (ENV_NAME.test(name)) return;
    const message =
      name === "" ? "Required value" : `Invalid value: "${name}": must be letters, digits, '_', '-' or '.'`;
    problems.push({ path: `env[${i}].name`, message });
  });
  const [first] = problems;
  if (first !== undefined) throw new SlipwayError("Invalid", `${first.path}: ${first.message}`, { problems });
};
