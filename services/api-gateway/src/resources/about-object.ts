import { isSlipwayError, SlipwayError } from "@slipway/kernel";

/** Does something with one of a call's objects; a refusal says which one it was: `Pod/web: spec: Forbidden …`. */
export const aboutObject = <T>(kind: string, name: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (!isSlipwayError(error) || error.class !== "Refused") throw error;
    const label = `${kind}/${name}: `;
    throw new SlipwayError(error.code, `${label}${error.message}`, {
      cause: error,
      fields: error.fields,
      problems: error.problems.map(({ path, message }) => ({ path: `${label}${path}`, message })),
    });
  }
};
