import type { DetectedSource } from "./detect-source.ts";

export interface AppPlan {
  readonly name: string;
  readonly uri: string;
  readonly ref?: string;
  readonly contextDir?: string;
  readonly source: DetectedSource;
  readonly port: number;
  readonly replicas: number;
  readonly routeHost?: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

const labelsOf = (name: string) => ({ app: name });

/** Everything around the pods: how the image is made, where it goes, how the application is reached. */
export const surroundings = (plan: AppPlan): object[] => {
  const metadata = { name: plan.name, labels: labelsOf(plan.name) };
  const { source, ref, contextDir } = plan;
  const strategy =
    source.strategy === "docker"
      ? { type: "Docker", dockerStrategy: {} }
      : {
          type: "Source",
          sourceStrategy: { from: { kind: "DockerImage", name: source.builder ?? "" }, incremental: true },
        };
  return [
    { apiVersion: "image.openshift.io/v1", kind: "ImageStream", metadata },
    {
      apiVersion: "build.openshift.io/v1",
      kind: "BuildConfig",
      metadata,
      spec: {
        source: { type: "Git", git: { uri: plan.uri, ...(ref ? { ref } : {}) }, ...(contextDir ? { contextDir } : {}) },
        strategy,
        output: { to: { kind: "ImageStreamTag", name: `${plan.name}:latest` } },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labelsOf(plan.name), ports: [{ name: "http", port: 80, targetPort: plan.port }] },
    },
    {
      apiVersion: "route.openshift.io/v1",
      kind: "Route",
      metadata,
      spec: {
        ...(plan.routeHost ? { host: plan.routeHost } : {}),
        to: { kind: "Service", name: plan.name },
        port: { targetPort: "http" },
      },
    },
  ];
};

/** The pods, on the image that was built, named by its digest. */
export const controller = (plan: AppPlan, image: string): object => ({
  apiVersion: "v1",
  kind: "ReplicationController",
  metadata: { name: plan.name, labels: labelsOf(plan.name) },
  spec: {
    replicas: plan.replicas,
    selector: labelsOf(plan.name),
    template: {
      metadata: { labels: labelsOf(plan.name) },
      spec: {
        containers: [
          {
            name: plan.name,
            image,
            ports: [{ containerPort: plan.port }],
            env: plan.env,
            readinessProbe: { tcpSocket: { port: plan.port }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
});
