import type {
  CapabilitiesJson,
  ContainerJson,
  ContainerPortJson,
  SecurityContextJson,
  VolumeMountJson,
} from "@slipway/proto";
import { pathInSource } from "../format/addresses.ts";
import { dnsLabel, portName } from "../format/names.ts";
import { between, MAX_INT32, port } from "../format/numbers.ts";
import { containerEnv } from "./env.ts";
import { boolean, type Field, integer, later, list, object, type Report, string } from "./field.ts";
import { probe } from "./probe.ts";
import { resources } from "./resources.ts";

/** A user or group id. */
export const userId = (): Field => integer({ format: between(0, MAX_INT32) });

const securityContext = object<SecurityContextJson>({
  privileged: boolean(),
  runAsUser: userId(),
  runAsGroup: userId(),
  readOnlyRootFilesystem: boolean(),
  capabilities: object<CapabilitiesJson>({ add: list(string()), drop: list(string()) }),
  runAsNonRoot: later(false),
  allowPrivilegeEscalation: later(true),
  procMount: later("Default"),
  seccompProfile: later({ type: "RuntimeDefault" }),
  appArmorProfile: later(),
  seLinuxOptions: later(),
  windowsOptions: later(),
});

const containerPort = object<ContainerPortJson>({
  name: string({ format: portName }),
  containerPort: integer({ required: true, format: port }),
  protocol: string({ default: "TCP", values: ["TCP", "UDP"], later: ["SCTP"] }),
  hostPort: later(0),
  hostIP: later(),
});

const subPathFormat = (value: string): readonly string[] =>
  value.startsWith("/") ? ["must be a relative path"] : pathInSource(value);

const volumeMount = object<VolumeMountJson>({
  name: string({ required: true }),
  mountPath: string({
    required: true,
    format: (value) => (value.includes(":") ? ["must not contain ':'"] : []),
  }),
  readOnly: boolean(),
  subPath: string({ format: subPathFormat }),
  subPathExpr: later(),
  mountPropagation: later("None"),
  recursiveReadOnly: later("Disabled"),
  bindMountOptions: later(),
});

const checkContainer = (container: ContainerJson, report: Report): void => {
  if (container.image !== undefined && container.image !== container.image.trim()) {
    report(".image", `Invalid value: ${JSON.stringify(container.image)}: must not have leading or trailing whitespace`);
  }
  const mounted = new Set<string>();
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const path = mount.mountPath ?? "";
    if (mounted.has(path)) {
      report(`.volumeMounts[${index}].mountPath`, `Invalid value: ${JSON.stringify(path)}: must be unique`);
    }
    if (path !== "") mounted.add(path);
  }
};

/** Always for the tag `latest` and for no tag, since another image may stand under that name tomorrow. */
const defaultPullPolicy = (image: string): "Always" | "IfNotPresent" => {
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
};

/** One container of a pod. */
export const container = (): Field =>
  object<ContainerJson>(
    {
      name: string({ required: true, format: dnsLabel }),
      image: string({ required: true }),
      command: list(string({ keepEmpty: true })),
      args: list(string({ keepEmpty: true })),
      workingDir: string(),
      ports: list(containerPort, { uniqueBy: "name" }),
      env: containerEnv(),
      resources: resources(),
      volumeMounts: list(volumeMount),
      imagePullPolicy: string({ values: ["Always", "IfNotPresent", "Never"] }),
      livenessProbe: probe("liveness"),
      readinessProbe: probe("readiness"),
      securityContext,
      stdin: boolean(),
      tty: boolean(),
      startupProbe: later(),
      lifecycle: later(),
      envFrom: later(),
      volumeDevices: later(),
      stdinOnce: later(false),
      terminationMessagePath: later("/dev/termination-log"),
      terminationMessagePolicy: later("File"),
      resizePolicy: later(),
      restartPolicy: later(),
      restartPolicyRules: later(),
    },
    {
      complete: (value) => {
        if (value.image) value.imagePullPolicy ??= defaultPullPolicy(value.image);
      },
      check: checkContainer,
    },
  );
