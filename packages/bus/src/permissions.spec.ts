import { permissionsOf, renderNatsConfig } from "./permissions.ts";

describe("the configuration of NATS", () => {
  const owner = { role: "control-plane", user: "owner", password: "secret" } as const;

  it("listens on loopback unless told otherwise", () => {
    expect(renderNatsConfig({ port: 4222, storeDir: "/data", users: [owner] })).toContain('listen: "127.0.0.1:4222"');
    const open = renderNatsConfig({ host: "10.0.0.1", port: 4222, storeDir: "/data", users: [owner] });
    expect(open).toContain('listen: "10.0.0.1:4222"');
  });

  it("is refused without users, since NATS would then answer everybody", () => {
    expect(() => renderNatsConfig({ port: 4222, storeDir: "/data", users: [] })).toThrow("at least one user");
  });

  it("keeps quotes inside of a password", () => {
    const config = renderNatsConfig({ port: 1, storeDir: "/d", users: [{ ...owner, password: 'a"b\\c' }] });
    expect(config).toContain('password: "a\\"b\\\\c"');
  });

  it("refuses what the configuration language cannot hold", () => {
    expect(() => renderNatsConfig({ port: 1, storeDir: "/d", users: [{ ...owner, password: "a\nb" }] })).toThrow(
      "ASCII",
    );
  });

  it("lets a node with dots in its name do only what is its own", () => {
    const { publish, subscribe } = permissionsOf({ role: "node", node: "a.b", user: "n", password: "p" });
    expect(publish).toContain("slipway.report.a%2Eb.*");
    expect([...publish, ...subscribe]).not.toContain(">");
  });
});
