import type { EnvVarJson, EnvVarSourceJson, ObjectFieldSelectorJson } from "@slipway/proto";
import { qualifiedName } from "../format/labels.ts";
import { envName } from "../format/names.ts";
import { type Field, laterMember, list, object, type Report, string } from "./field.ts";

const FIELD_PATHS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const SUBSCRIPT = /^metadata\.(?:labels|annotations)\['(.*)'\]$/;

const checkFieldPath = (value: ObjectFieldSelectorJson, report: Report): void => {
  const path = value.fieldPath ?? "";
  if (path === "" || FIELD_PATHS.includes(path)) return;
  const shown = JSON.stringify(path);
  const key = SUBSCRIPT.exec(path)?.[1];
  if (key === undefined) {
    const supported = FIELD_PATHS.map((known) => JSON.stringify(known)).join(", ");
    report(".fieldPath", `Unsupported value: ${shown}: supported values: ${supported}`);
    return;
  }
  for (const message of qualifiedName(key)) report(".fieldPath", `Invalid value: ${shown}: ${message}`);
};

const fieldRef = object<ObjectFieldSelectorJson>(
  {
    apiVersion: string({ default: "v1", values: ["v1"] }),
    fieldPath: string({ required: true }),
  },
  { check: checkFieldPath },
);

const valueFrom = object<EnvVarSourceJson>(
  {
    fieldRef,
    resourceFieldRef: laterMember(),
    configMapKeyRef: laterMember(),
    secretKeyRef: laterMember(),
    fileKeyRef: laterMember(),
  },
  {
    oneOf: {
      members: ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"],
      several: 'Invalid value: "": may not have more than one field specified at a time',
      missing:
        'Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
    },
  },
);

/** `env` of a container. */
export const containerEnv = (): Field =>
  list(
    object<EnvVarJson>(
      { name: string({ required: true, format: envName }), value: string({ keepEmpty: true }), valueFrom },
      {
        check: (value, report) => {
          if (value.value && value.valueFrom) {
            report(".valueFrom", 'Invalid value: "": may not be specified when `value` is not empty');
          }
        },
      },
    ),
  );

/** `env` and `buildArgs` of a build: there is no pod whose fields a value could come from. */
export const buildEnv = (): Field =>
  list(
    object<EnvVarJson>({
      name: string({ required: true, format: envName }),
      value: string({ keepEmpty: true }),
      valueFrom: laterMember(),
    }),
  );
