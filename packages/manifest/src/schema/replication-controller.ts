import type { ReplicationControllerJson, ReplicationControllerSpecJson } from "@slipway/proto";
import { notNegative } from "../format/numbers.ts";
import { integer, object, type Report, serverOwned, string } from "./field.ts";
import { labels, metadata } from "./meta.ts";
import { podTemplate } from "./pod.ts";

const checkSelector = (spec: ReplicationControllerSpecJson, report: Report): void => {
  const selector = Object.entries(spec.selector ?? {});
  if (selector.length === 0) {
    report(".selector", "Required value");
    return;
  }
  const templateLabels = spec.template?.metadata?.labels ?? {};
  if (spec.template && selector.some(([key, value]) => templateLabels[key] !== value)) {
    const shown = JSON.stringify(templateLabels);
    report(".template.metadata.labels", `Invalid value: ${shown}: \`selector\` does not match template \`labels\``);
  }
};

/** ReplicationController. `replicas` stays absent when the manifest is silent: an applied one keeps its number. */
export const replicationController = object<ReplicationControllerJson>(
  {
    apiVersion: string(),
    kind: string(),
    metadata: metadata(),
    spec: object<ReplicationControllerSpecJson>(
      {
        replicas: integer({ format: notNegative }),
        selector: labels(),
        template: podTemplate(),
        minReadySeconds: integer({ format: notNegative }),
      },
      {
        implied: true,
        complete: (spec) => {
          const templateLabels = spec.template?.metadata?.labels;
          if (!templateLabels || Object.keys(templateLabels).length === 0) return;
          if (!spec.selector || Object.keys(spec.selector).length === 0) spec.selector = { ...templateLabels };
        },
        check: checkSelector,
      },
    ),
    status: serverOwned(),
  },
  {
    complete: ({ metadata, spec }) => {
      const templateLabels = spec?.template?.metadata?.labels;
      if (metadata && templateLabels && Object.keys(metadata.labels ?? {}).length === 0) {
        metadata.labels = { ...templateLabels };
      }
    },
  },
);
