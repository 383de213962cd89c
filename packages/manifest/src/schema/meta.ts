import type { ObjectMetaJson, ObjectReferenceJson, OwnerReferenceJson } from "@slipway/proto";
import { checkAnnotations, checkLabels } from "../format/labels.ts";
import { dnsLabel, dnsSubdomain } from "../format/names.ts";
import { boolean, type Field, type Format, later, list, map, object, serverOwned, string } from "./field.ts";

/** A map of labels, or a selector of them. */
export const labels = (): Field => map(string({ keepEmpty: true }), { check: checkLabels });

const annotations = (): Field => map(string({ keepEmpty: true }), { check: checkAnnotations });

const ownerReference = object<OwnerReferenceJson>({
  apiVersion: string({ required: true }),
  kind: string({ required: true }),
  name: string({ required: true }),
  uid: string({ required: true }),
  controller: boolean(),
  blockOwnerDeletion: boolean(),
});

/** Written by the server, or a promise that is not kept here yet. */
const remaining = {
  uid: serverOwned(),
  resourceVersion: serverOwned(),
  creationTimestamp: serverOwned(),
  deletionTimestamp: serverOwned(),
  deletionGracePeriodSeconds: serverOwned(),
  generation: serverOwned(),
  selfLink: serverOwned(),
  managedFields: serverOwned(),
  clusterName: serverOwned(),
  finalizers: later(),
  initializers: later(),
};

/** The metadata of an object of its own; `nameFormat` is the kind's rule for its name. */
export const metadata = (nameFormat: Format<string> = dnsSubdomain): Field =>
  object<ObjectMetaJson>(
    {
      name: string({ format: nameFormat }),
      generateName: string({ format: (value) => nameFormat(value.endsWith("-") ? `${value}x` : value) }),
      namespace: string({ format: dnsLabel }),
      labels: labels(),
      annotations: annotations(),
      ownerReferences: list(ownerReference),
      ...remaining,
    },
    {
      implied: true,
      check: (value, report) => {
        if (!value.name && !value.generateName) report(".name", "Required value: name or generateName is required");
      },
    },
  );

/** The metadata of a pod template: labels and annotations are copied to each pod, the rest is nobody's. */
export const templateMetadata = (): Field =>
  object<ObjectMetaJson>({
    name: serverOwned(),
    generateName: serverOwned(),
    namespace: serverOwned(),
    labels: labels(),
    annotations: annotations(),
    ownerReferences: later(),
    ...remaining,
  });

/** A reference to another object; `kind` and `name` differ from place to place. */
export const reference = (
  fields: { readonly kind: Field; readonly name: Field },
  check?: (value: ObjectReferenceJson, report: (path: string, message: string) => void) => void,
  options: { readonly required?: boolean; readonly complete?: (value: ObjectReferenceJson) => void } = {},
): Field =>
  object<ObjectReferenceJson>(
    {
      ...fields,
      namespace: string({ format: dnsLabel }),
      apiVersion: string(),
      uid: serverOwned(),
      resourceVersion: serverOwned(),
      fieldPath: serverOwned(),
    },
    { ...options, ...(check ? { check } : {}) },
  );
