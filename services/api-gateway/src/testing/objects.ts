/** Small objects that tests apply, as a user would write them. */
export const project = (name = "demo") => ({
  apiVersion: "project.openshift.io/v1",
  kind: "Project",
  metadata: { name },
});

export const pod = (name: string, more: { labels?: object; containers?: object[] } = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels: more.labels ?? { app: name } },
  spec: { containers: more.containers ?? [{ name: "web", image: "registry.local/web:1" }] },
});

export const service = (name: string, spec: object = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
});

export const controller = (name: string, replicas = 1) => ({
  apiVersion: "v1",
  kind: "ReplicationController",
  metadata: { name },
  spec: {
    replicas,
    selector: { app: name },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "web", image: "registry.local/web:1" }] },
    },
  },
});

export const route = (name: string, spec: object = {}) => ({
  apiVersion: "route.openshift.io/v1",
  kind: "Route",
  metadata: { name },
  spec: { to: { kind: "Service", name }, ...spec },
});

export const buildConfig = (name: string) => ({
  apiVersion: "build.openshift.io/v1",
  kind: "BuildConfig",
  metadata: { name, labels: { app: name } },
  spec: {
    source: { type: "Git", git: { uri: "https://example.com/web.git" } },
    strategy: { type: "Docker", dockerStrategy: { env: [{ name: "A", value: "1" }] } },
    output: { to: { kind: "ImageStreamTag", name: `${name}:latest` } },
  },
});
