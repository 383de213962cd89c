import { checkHost, findProgram, parseOsRelease } from "./check-host.ts";
import { REQUIREMENTS } from "./requirements.ts";

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n';
const UBUNTU = "ID=ubuntu\nID_LIKE=debian\n";
const FEDORA = 'ID=fedora\nPRETTY_NAME="Fedora Linux 41"\n';

describe("checkHost", () => {
  it("names everything on a bare host, and an engine elsewhere makes a local one needless", async () => {
    const bare = { folders: ["/nowhere"], osRelease: DEBIAN, uid: 0 };
    const here = await checkHost({ ...bare, env: {} });
    expect(here.missing).toEqual(REQUIREMENTS);
    const elsewhere = await checkHost({ ...bare, env: { DOCKER_HOST: "tcp://10.0.0.1:2375" } });
    expect(elsewhere.missing.map((each) => each.program)).not.toContain("dockerd");
    expect(elsewhere.missing).toHaveLength(REQUIREMENTS.length - 2);
  });

  it.each([
    [DEBIAN, true, "Debian GNU/Linux 12 (bookworm)"],
    [UBUNTU, true, "this system"],
    [FEDORA, false, "Fedora Linux 41"],
    ["", false, "this system"],
  ])("tells whether apt can help: %j", async (osRelease, debian, name) => {
    expect(await checkHost({ osRelease, uid: 1000, env: {} })).toMatchObject({ debian, name, root: false });
  });
});

describe("findProgram", () => {
  it("finds executables and nothing else", () => {
    expect(findProgram("sh", ["/nowhere", "/bin"])).toBe("/bin/sh");
    expect(findProgram("passwd", ["/etc"])).toBeUndefined();
  });
});

describe("parseOsRelease", () => {
  it("takes quotes off and keeps equals signs", () => {
    expect(parseOsRelease("A=\"x y\"\nB='z'\nC=a=b\n# no\n")).toEqual({ A: "x y", B: "z", C: "a=b" });
  });
});
