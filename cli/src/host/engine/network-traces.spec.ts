import { cleaningCommands } from "./network-traces.ts";

describe("what an engine leaves in a table", () => {
  it("is taken out rules first, and what is not its own stays", () => {
    const listing = `-P FORWARD DROP
-N DOCKER
-N DOCKER-USER
-N MINE
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -j ACCEPT
-A FORWARD -o eth0 -j MINE
-A DOCKER -i docker0 -j RETURN
-A MINE -j RETURN`;
    expect(cleaningCommands(listing).map((command) => command.join(" "))).toEqual([
      "-D FORWARD -j DOCKER-USER",
      "-D FORWARD -o docker0 -j ACCEPT",
      "-F DOCKER",
      "-F DOCKER-USER",
      "-X DOCKER",
      "-X DOCKER-USER",
    ]);
  });

  it("is nothing where there is no table", () => {
    expect(cleaningCommands("")).toEqual([]);
  });
});
