import { isPodStatusEvent, type PodStatusEvent } from "@slipway/domain";
import { type FieldProblem, SlipwayError } from "@slipway/kernel";
import type { NodeJson } from "@slipway/proto";
import { z } from "zod";

const text = z.string().min(1);

const podReport = z.object({
  project: text,
  name: text,
  uid: text,
  events: z.array(z.object({ id: z.uuid(), type: text, data: z.looseObject({ uid: text }) })),
});

const nodeReport = z.object({ node: z.looseObject({ metadata: z.looseObject({ name: text }) }) });

/** What a node saw of one pod; each event with its id. */
export interface PodReport {
  readonly project: string;
  readonly name: string;
  readonly uid: string;
  readonly events: readonly (PodStatusEvent & { readonly id: string })[];
}

/** Reads a report `pod`. Events of a type that this version does not know are left out. Throws `Invalid`. */
export const readPodReport = (data: unknown): PodReport => {
  const report = parsed(podReport, data);
  const events = report.events.flatMap((event) => {
    // The log keeps what an agent says as it is; folds read each field with care.
    const known = event as unknown as PodStatusEvent & { readonly id: string };
    return isPodStatusEvent(known) ? [known] : [];
  });
  return { ...report, events };
};

/** Reads a report `node`. Throws `Invalid`. */
export const readNodeReport = (data: unknown): NodeJson => parsed(nodeReport, data).node as NodeJson;

const parsed = <T>(schema: z.ZodType<T>, data: unknown): T => {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }): FieldProblem => ({ path: path.map(String).join("."), message }),
  );
  throw new SlipwayError("Invalid", "The report of a node is not one: its agent is of another make.", { problems });
};
