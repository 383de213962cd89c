import { Validation } from "@slipway/proto";
import { type GatewayHarness, manifest, startGatewayHarness } from "../testing/gateway-harness.ts";
import { controller, pod, project, route, service } from "../testing/objects.ts";

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness();
  await harness.apply(project());
});
afterEach(() => harness.stop());

const actions = ({ results }: Awaited<ReturnType<GatewayHarness["apply"]>>) => results.map(({ action }) => action);
const failure = async (call: Promise<unknown>): Promise<unknown> => call.then(() => "no failure").catch((e) => e);

describe("Apply", () => {
  it("creates what is not there, changes what is, and leaves alone what is as wished", async () => {
    expect(actions(await harness.apply(service("web"), pod("web")))).toEqual(["created", "created"]);
    const head = await harness.log.head();
    expect(actions(await harness.apply(service("web"), pod("web")))).toEqual(["unchanged", "unchanged"]);
    expect(await harness.log.head()).toBe(head);
    const changed = await harness.apply(service("web", { ports: [{ port: 81 }] }), pod("web"));
    expect(actions(changed)).toEqual(["configured", "unchanged"]);
    expect(changed.position).toBe(BigInt(head + 1));
  });

  it("stores all objects of a call in one place of the log, what others need before those", async () => {
    const answer = await harness.apply(pod("web"), service("web"), { ...project("other") });
    expect(answer.results.map(({ key }) => key?.kind)).toEqual(["Pod", "Service", "Project"]);
    const types: string[] = [];
    for await (const events of harness.log.read(2)) types.push(...events.map(({ type }) => type));
    expect(types).toEqual(["ProjectCreated", "ServiceCreated", "ServiceAddressClaimed", "PodCreated"]);
  });

  it("stores nothing when one object of many is refused, and says which one and where", async () => {
    await harness.apply(pod("old"));
    const head = await harness.log.head();
    const moved = pod("old", { containers: [{ name: "renamed", image: "registry.local/web:1" }] });
    await expect(harness.apply(service("a"), moved, service("b"))).rejects.toMatchObject({
      code: "Immutable",
      message: expect.stringMatching(/^Pod\/old: spec: Forbidden/),
      problems: [{ path: "Pod/old: spec" }],
    });
    await expect(harness.apply(service("a"), { ...service("b"), spec: { ports: "many" } })).rejects.toMatchObject({
      code: "Invalid",
      problems: [{ path: "-: Service/b: spec.ports" }],
    });
    expect(await harness.log.head()).toBe(head);
  });

  it("takes typed objects as well as manifests, by the same rules", async () => {
    const answer = await harness.resources.apply({
      project: "demo",
      manifests: [manifest(service("web"))],
      resources: [
        {
          kind: {
            case: "replicationController",
            value: {
              metadata: { name: "web" },
              spec: {
                replicas: 0,
                template: {
                  metadata: { labels: { app: "web" } },
                  spec: { containers: [{ name: "web", image: "registry.local/web:1" }] },
                },
              },
            },
          },
        },
      ],
    });
    expect(actions(answer)).toEqual(["created", "created"]);
    const made = answer.results[1]?.resource?.kind;
    expect(made?.case === "replicationController" && made.value.spec).toMatchObject({
      replicas: 0,
      selector: { app: "web" },
    });
    const bad = { kind: { case: "service", value: { metadata: { name: "Bad_Name" } } } } as const;
    await expect(harness.resources.apply({ project: "demo", resources: [bad] })).rejects.toMatchObject({
      code: "Invalid",
      problems: expect.arrayContaining([expect.objectContaining({ path: "resources[0].metadata.name" })]),
    });
  });

  it("warns of fields that a kind does not have, refuses them when asked, and says nothing when asked", async () => {
    const odd = { ...service("web"), spec: { ports: [{ port: 80 }], colour: "red" } };
    const call = (validation: Validation) =>
      harness.resources.apply({ project: "demo", manifests: [manifest(odd)], validation });
    expect((await call(Validation.UNSPECIFIED)).warnings).toMatchObject([
      { object: "-: Service/web", path: "spec.colour" },
    ]);
    expect((await call(Validation.IGNORE)).warnings).toEqual([]);
    await expect(call(Validation.STRICT)).rejects.toMatchObject({ code: "UnknownField" });
  });

  it("refuses what needs a project that is not there, and takes one that comes in the same call", async () => {
    const call = (...objects: object[]) =>
      harness.resources.apply({ project: "nowhere", manifests: objects.map(manifest) });
    await expect(call(pod("web"))).rejects.toMatchObject({
      code: "NotFound",
      message: 'Pod/web: project "nowhere" not found: create it with `slipway project create nowhere`.',
    });
    expect(actions(await call(pod("web"), project("nowhere")))).toEqual(["created", "created"]);
    await expect(harness.resources.apply({ manifests: [manifest(pod("web"))] })).rejects.toMatchObject({
      code: "Invalid",
      problems: [{ path: "Pod/web: metadata.namespace" }],
    });
  });

  it("lets nothing new into a project that is being deleted", async () => {
    await harness.apply(pod("web"));
    await harness.resources.delete({ keys: [{ kind: "Project", name: "demo" }] });
    await expect(harness.apply(pod("late"))).rejects.toMatchObject({ code: "ProjectTerminating" });
    await expect(harness.apply(project())).rejects.toMatchObject({ code: "ProjectTerminating" });
  });

  it("creates only, when asked to", async () => {
    const create = (object: object) =>
      harness.resources.apply({ project: "demo", manifests: [manifest(object)], createOnly: true });
    await create(pod("web"));
    await expect(create(pod("web"))).rejects.toMatchObject({ code: "AlreadyExists" });
  });

  it("shows what a dry run would do and stores nothing", async () => {
    const head = await harness.log.head();
    const answer = await harness.resources.apply({
      project: "demo",
      manifests: [manifest(service("web")), manifest(project("new"))],
      dryRun: true,
    });
    expect(actions(answer)).toEqual(["created", "created"]);
    const made = answer.results[0]?.resource?.kind;
    expect(made?.case === "service" && made.value.spec?.clusterIp).toMatch(/^10\.96\./);
    expect(await harness.log.head()).toBe(head);
    await expect(
      harness.resources.apply({ project: "gone", manifests: [manifest(service("web"))], dryRun: true }),
    ).rejects.toMatchObject({ code: "NotFound" });
  });

  it("refuses when an object was changed, or deleted, after the position that the caller has seen", async () => {
    const { position } = await harness.apply(service("web"), service("gone"));
    const call = (...objects: object[]) =>
      harness.resources.apply({
        project: "demo",
        manifests: objects.map(manifest),
        unchangedSince: position,
      });
    await harness.apply(pod("elsewhere"));
    await call(service("web", { ports: [{ port: 81 }] }));
    await expect(call(service("web", { ports: [{ port: 82 }] }))).rejects.toMatchObject({
      code: "FailedPrecondition",
      message: expect.stringContaining('Service "web"'),
    });
    await harness.resources.delete({ keys: [{ kind: "svc", project: "demo", name: "gone" }] });
    await expect(call(service("gone"))).rejects.toMatchObject({ code: "FailedPrecondition" });
  });

  it("makes a name up where only its beginning is given, a new one each time", async () => {
    const object = { ...pod("x"), metadata: { generateName: "job-", labels: { app: "job" } } };
    const names = new Set<string>();
    for (let i = 0; i < 5; i++) names.add((await harness.apply(object)).results[0]?.key?.name ?? "");
    expect(names.size).toBe(5);
    for (const name of names) expect(name).toMatch(/^job-[a-z0-9]{5}$/);
  });

  it("refuses one object twice in a call, builds, and derived kinds", async () => {
    await expect(harness.apply(pod("web"), pod("web"))).rejects.toMatchObject({
      code: "Invalid",
      problems: [{ path: "Pod/web: metadata.name" }],
    });
    const build = {
      apiVersion: "build.openshift.io/v1",
      kind: "Build",
      metadata: { name: "web-1" },
      spec: {
        source: { git: { uri: "https://example.com/web.git" } },
        strategy: { dockerStrategy: {} },
      },
    };
    await expect(harness.apply(build)).rejects.toMatchObject({
      code: "Invalid",
      message: expect.stringContaining("slipway start-build"),
    });
    const endpoints = { apiVersion: "v1", kind: "Endpoints", metadata: { name: "web" } };
    expect(await failure(harness.apply(endpoints))).toMatchObject({ name: "SlipwayError" });
  });

  it("gives objects an identity that no manifest can choose", async () => {
    const forged = { ...pod("web"), metadata: { name: "web", uid: "mine", creationTimestamp: "2001-01-01T00:00:00Z" } };
    const { results } = await harness.apply(forged, controller("web"));
    const made = results[0]?.resource?.kind;
    const metadata = made?.case === "pod" ? made.value.metadata : undefined;
    expect(metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(metadata?.creationTimestamp?.seconds ?? 0)).toBeGreaterThan(1_600_000_000);
  });

  it("keeps who asked, from where, and the story, with every event", async () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const metadata = { traceparent };
    await harness.resources.apply({ project: "demo", manifests: [manifest(route("web"))] }, { metadata });
    const [event] = await harness.log.readStream("route/demo/web");
    expect(event?.meta).toMatchObject({
      actor: "user:owner",
      source: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      correlation: expect.stringMatching(/^.{8,}$/),
      traceparent,
    });
  });
});
