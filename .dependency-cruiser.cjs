// Who may import whom. Each rule says in one sentence why it stands.
const packageRule = (name, allowed, why) => ({
  name: `${name}-imports`,
  severity: "error",
  comment: why,
  from: { path: `^packages/${name}/src`, pathNot: "\\.(spec|prop\\.spec|int\\.spec)\\.ts$" },
  to: { path: "^packages/", pathNot: `^packages/(${[name, ...allowed].join("|")})/` },
});

const oneOwner = (library, owner, why) => ({
  name: `${owner}-owns-${library.replace(/[^a-z]/g, "")}`,
  severity: "error",
  comment: why,
  from: { pathNot: `^packages/(${owner})/|^test/` },
  to: { path: `node_modules/(\\.pnpm/)?${library}`, dependencyTypesNot: ["type-only"] },
});

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      comment: "A cycle means that neither file can be understood or replaced alone.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "not-to-unresolvable",
      severity: "error",
      comment: "An import that cannot be found fails only at run time.",
      from: {},
      to: { couldNotResolve: true },
    },
    packageRule("kernel", [], "The kernel stands below everything, so it may lean on nothing."),
    packageRule("proto", [], "Generated code stands alone."),
    packageRule("domain", ["kernel", "proto"], "The rules of the platform must be testable without any machinery."),
    packageRule(
      "manifest",
      ["kernel", "proto", "domain"],
      "Reading manifests needs the shapes and the rules, never a server.",
    ),
    packageRule("eventlog", ["kernel"], "The log stores events and knows no kind of object."),
    packageRule("bus", ["kernel", "eventlog"], "The bus carries the log's events and knows no kind of object."),
    packageRule("reconcile", ["kernel"], "The queue and the loop know no kind of object."),
    packageRule("rpc", ["kernel", "proto"], "The wire knows messages and errors only."),
    packageRule("runtime", ["kernel"], "Every process runs the same way, whatever it does."),
    packageRule(
      "containers",
      ["kernel"],
      "The container engine is a port; what runs in it is the agent's and the builder's business.",
    ),
    packageRule(
      "cluster",
      ["kernel", "proto", "domain", "eventlog", "bus"],
      "The read model is a fold of the log, carried by the bus.",
    ),
    {
      name: "domain-is-pure",
      severity: "error",
      comment: "Rules that do I/O, or see a clock, cannot be replayed.",
      from: { path: "^packages/(domain|kernel)/src|/plan/", pathNot: "\\.(spec|prop\\.spec|int\\.spec)\\.ts$" },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional", "npm-peer"], pathNot: "^packages/" },
    },
    {
      name: "no-service-imports-a-service",
      severity: "error",
      comment: "Services talk through the log and the bus; an import would tie their releases together.",
      from: { path: "^services/([^/]+)/" },
      to: { path: "^services/", pathNot: "^services/$1/" },
    },
    {
      name: "packages-below-services",
      severity: "error",
      comment: "A package that needs a service has its code in the wrong place.",
      from: { path: "^packages/" },
      to: { path: "^(services|cli|test)/" },
    },
    {
      name: "agent-never-reaches-the-log",
      severity: "error",
      comment: "A node needs one outbound connection, to the bus; with the log in reach it would soon need two.",
      from: { path: "^services/node-agent/", pathNot: "\\.(spec|int\\.spec)\\.ts$" },
      to: { path: "^packages/(eventlog|cluster)/" },
    },
    {
      name: "cli-is-a-client",
      severity: "error",
      comment: "The command line has no rights that another gRPC client does not have; only `up` starts things.",
      from: { path: "^cli/src/", pathNot: "^cli/src/(up|host)/|\\.(spec|int\\.spec)\\.ts$" },
      to: { path: "^(packages/(eventlog|bus|cluster|domain|containers)|services)/" },
    },
    {
      name: "one-door",
      severity: "error",
      comment: "A package has one public door, so that everything behind it can be changed.",
      from: { path: "^(packages|services)/([^/]+)/|^(cli|test)/" },
      to: { path: "^packages/([^/]+)/src/(?!mod\\.ts$)", pathNot: "^packages/$2/" },
    },
    {
      name: "testkit-is-for-tests",
      severity: "error",
      comment: "What helps a test must not run in production.",
      from: {
        pathNot: "^packages/testkit/|^test/|\\.(spec|prop\\.spec|int\\.spec)\\.ts$|-?contract\\.ts$|\\.bench\\.ts$",
      },
      to: { path: "^packages/testkit/" },
    },
    oneOwner(
      "pg@",
      "eventlog|testkit",
      "Postgres is reached through the log alone, so replacing the driver is one change.",
    ),
    oneOwner(
      "@nats-io",
      "bus|testkit",
      "NATS is reached through the bus alone, so replacing the client is one change.",
    ),
    oneOwner(
      "@grpc\\+(grpc-js|reflection)",
      "rpc",
      "gRPC is spoken in one place, so replacing the library is one change.",
    ),
    oneOwner(
      "dockerode",
      "containers",
      "The engine is reached through its port alone, so another engine is one adapter.",
    ),
    oneOwner("@opentelemetry", "runtime", "Telemetry is made in one place and handed down."),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "packages/proto/gen" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      mainFields: ["main"],
    },
  },
};
