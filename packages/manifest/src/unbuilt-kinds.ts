/**
 * Kinds of Kubernetes v1 and OpenShift v3 that are known and not built yet, with the groups that serve them (`""` is
 * the core group, whose apiVersion is a bare `v1`; OpenShift's kinds were served there as well).
 */
const UNBUILT: Readonly<Record<string, readonly string[]>> = {
  Secret: [""],
  ConfigMap: [""],
  PersistentVolumeClaim: [""],
  PersistentVolume: [""],
  ServiceAccount: [""],
  ResourceQuota: [""],
  LimitRange: [""],
  PodTemplate: [""],
  Binding: [""],
  Event: ["", "events.k8s.io"],
  Endpoints: [""],
  Deployment: ["apps", "extensions"],
  ReplicaSet: ["apps", "extensions"],
  StatefulSet: ["apps"],
  PetSet: ["apps"],
  DaemonSet: ["apps", "extensions"],
  ControllerRevision: ["apps"],
  Job: ["batch", "extensions"],
  CronJob: ["batch"],
  ScheduledJob: ["batch"],
  HorizontalPodAutoscaler: ["autoscaling", "extensions"],
  Scale: ["autoscaling", "extensions"],
  Ingress: ["networking.k8s.io", "extensions"],
  IngressClass: ["networking.k8s.io"],
  NetworkPolicy: ["networking.k8s.io", "extensions"],
  PodDisruptionBudget: ["policy"],
  PodSecurityPolicy: ["policy", "extensions"],
  Role: ["rbac.authorization.k8s.io", "authorization.openshift.io", ""],
  RoleBinding: ["rbac.authorization.k8s.io", "authorization.openshift.io", ""],
  ClusterRole: ["rbac.authorization.k8s.io", "authorization.openshift.io", ""],
  ClusterRoleBinding: ["rbac.authorization.k8s.io", "authorization.openshift.io", ""],
  Policy: ["authorization.openshift.io", ""],
  PolicyBinding: ["authorization.openshift.io", ""],
  StorageClass: ["storage.k8s.io"],
  PriorityClass: ["scheduling.k8s.io"],
  EndpointSlice: ["discovery.k8s.io"],
  Lease: ["coordination.k8s.io"],
  CustomResourceDefinition: ["apiextensions.k8s.io"],
  APIService: ["apiregistration.k8s.io"],
  MutatingWebhookConfiguration: ["admissionregistration.k8s.io"],
  ValidatingWebhookConfiguration: ["admissionregistration.k8s.io"],
  DeploymentConfig: ["apps.openshift.io", ""],
  DeploymentConfigRollback: ["apps.openshift.io", ""],
  DeploymentRequest: ["apps.openshift.io", ""],
  Template: ["template.openshift.io", ""],
  TemplateInstance: ["template.openshift.io", ""],
  BrokerTemplateInstance: ["template.openshift.io"],
  BuildRequest: ["build.openshift.io", ""],
  Image: ["image.openshift.io", ""],
  ImageStreamTag: ["image.openshift.io", ""],
  ImageStreamImage: ["image.openshift.io", ""],
  ImageStreamImport: ["image.openshift.io", ""],
  ImageStreamMapping: ["image.openshift.io", ""],
  ImageSignature: ["image.openshift.io", ""],
  ProjectRequest: ["project.openshift.io", ""],
  ClusterResourceQuota: ["quota.openshift.io", ""],
  User: ["user.openshift.io", ""],
  Group: ["user.openshift.io", ""],
  Identity: ["user.openshift.io", ""],
  OAuthClient: ["oauth.openshift.io", ""],
  OAuthAccessToken: ["oauth.openshift.io", ""],
  SecurityContextConstraints: ["security.openshift.io", ""],
};

/** The names of all kinds that are known and not built yet. */
export const UNBUILT_KINDS: readonly string[] = Object.keys(UNBUILT);

/** The group of an apiVersion: `apps` of `apps/v1`, `""` of `v1`. */
const groupOf = (apiVersion: string): string => (apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "");

/** True for a kind that Kubernetes or OpenShift serve at this apiVersion and we do not yet. */
export const isUnbuiltKind = (kind: string, apiVersion: string): boolean =>
  Object.hasOwn(UNBUILT, kind) &&
  (UNBUILT[kind]?.includes(groupOf(apiVersion)) ?? false) &&
  /(?:^|\/)v[0-9]+(?:(?:alpha|beta)[0-9]+)?$/.test(apiVersion);
