import type { HostAliasJson, PodJson, PodSecurityContextJson, PodSpecJson, PodTemplateSpecJson } from "@slipway/proto";
import { ipAddress } from "../format/addresses.ts";
import { dnsLabel, dnsSubdomain } from "../format/names.ts";
import { notNegative } from "../format/numbers.ts";
import { container, userId } from "./container.ts";
import { type Field, integer, later, list, object, type Report, serverOwned, string } from "./field.ts";
import { labels, metadata, templateMetadata } from "./meta.ts";
import { volumes } from "./volume.ts";

const podSecurityContext = object<PodSecurityContextJson>({
  runAsUser: userId(),
  runAsGroup: userId(),
  runAsNonRoot: later(false),
  fsGroup: later(),
  fsGroupChangePolicy: later(),
  supplementalGroups: later(),
  supplementalGroupsPolicy: later(),
  seccompProfile: later({ type: "RuntimeDefault" }),
  appArmorProfile: later(),
  seLinuxOptions: later(),
  seLinuxChangePolicy: later(),
  sysctls: later(),
  windowsOptions: later(),
});

const hostAlias = object<HostAliasJson>({
  ip: string({ required: true, format: ipAddress }),
  hostnames: list(string({ format: dnsSubdomain })),
});

const checkPodSpec = (spec: PodSpecJson, report: Report): void => {
  const declared = new Set((spec.volumes ?? []).map((volume) => volume.name));
  for (const [c, one] of (spec.containers ?? []).entries()) {
    for (const [m, mount] of (one.volumeMounts ?? []).entries()) {
      if (mount.name && !declared.has(mount.name)) {
        report(`.containers[${c}].volumeMounts[${m}].name`, `Not found: ${JSON.stringify(mount.name)}`);
      }
    }
  }
};

const podSpec = (restartPolicies: readonly string[]): Field =>
  object<PodSpecJson>(
    {
      containers: list(container(), { required: true, uniqueBy: "name" }),
      volumes: volumes(),
      restartPolicy: string({ default: "Always", values: restartPolicies }),
      terminationGracePeriodSeconds: integer({ default: 30, format: notNegative }),
      nodeSelector: labels(),
      nodeName: string({ format: dnsSubdomain }),
      dnsPolicy: string({
        default: "ClusterFirst",
        values: ["ClusterFirst", "Default"],
        later: ["None", "ClusterFirstWithHostNet"],
      }),
      hostname: string({ format: dnsLabel }),
      securityContext: podSecurityContext,
      hostAliases: list(hostAlias),
      initContainers: later(),
      ephemeralContainers: later(),
      activeDeadlineSeconds: later(),
      serviceAccountName: later("default"),
      serviceAccount: later("default"),
      automountServiceAccountToken: later(false),
      hostNetwork: later(false),
      hostPID: later(false),
      hostIPC: later(false),
      hostUsers: later(true),
      shareProcessNamespace: later(false),
      imagePullSecrets: later(),
      subdomain: later(),
      setHostnameAsFQDN: later(false),
      hostnameOverride: later(),
      affinity: later(),
      tolerations: later(),
      schedulerName: later("default-scheduler"),
      schedulingGates: later(),
      priorityClassName: later(),
      priority: later(0),
      preemptionPolicy: later("PreemptLowerPriority"),
      dnsConfig: later(),
      readinessGates: later(),
      runtimeClassName: later(),
      enableServiceLinks: later(true),
      overhead: later(),
      topologySpreadConstraints: later(),
      os: later({ name: "linux" }),
      resourceClaims: later(),
      schedulingGroup: later(),
      evictionResponders: later(),
      resources: later(),
    },
    { implied: true, check: checkPodSpec },
  );

/** The template of a controller's pods: they are always restarted. */
export const podTemplate = (): Field =>
  object<PodTemplateSpecJson>({ metadata: templateMetadata(), spec: podSpec(["Always"]) }, { required: true });

/** Pod. */
export const pod = object<PodJson>({
  apiVersion: string(),
  kind: string(),
  metadata: metadata(),
  spec: podSpec(["Always", "OnFailure", "Never"]),
  status: serverOwned(),
});
