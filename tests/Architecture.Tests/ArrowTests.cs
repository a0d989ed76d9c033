namespace Farwire.Architecture.Tests;

/// <summary>The arrows between the rooms. A new room or arrow is a decision: it is written here first.</summary>
public sealed class ArrowTests
{
    private static readonly string[] Server =
        ["AspNetCore", "Providers", "Shells", "Collector", "Source", "Console", "Service", "Security", "Processes", "Linux", "Ipmi", "Client"];

    // Room → the rooms it may use. What those use, it may use too.
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        // ground: know nobody
        ["Protocol"] = [],
        ["Security"] = [],
        ["Ipmi"] = [],
        ["Linux"] = [],
        ["Processes"] = [],
        ["Plugins"] = [],

        // first
        ["Cim"] = ["Protocol"],
        ["Events"] = ["Protocol"],
        ["Service"] = ["Protocol", "Plugins"],
        ["Client"] = ["Protocol", "Security", "Cim"],

        // second
        ["Providers"] = ["Service", "Cim", "Ipmi", "Linux", "Processes"],
        ["Shells"] = ["Service", "Processes"],
        ["Collector"] = ["Service", "Events", "Client"],
        ["Source"] = ["Service", "Events", "Client", "Linux"],
        ["AspNetCore"] = ["Service", "Security"],
        ["CommandLine"] = ["Client", "Cim", "Ipmi", "Events", "Linux"],

        // third
        ["Console"] = ["AspNetCore", "Collector"],

        ["Hosting"] = Server,

        // doors
        ["farwired"] = [.. Server, "Hosting", "Testing"], // `run --ephemeral` is the service of the package, started from a shell
        ["farwire"] = ["CommandLine"],
        ["Testing"] = [.. Server, "Hosting"],
    };

    // Room → what it must never see: assemblies by the start of their name, or types.
    private static readonly Dictionary<string, string[]> Never = new()
    {
        ["Protocol"] = ["System.Net", "Microsoft.", "System.TimeProvider", "System.Diagnostics.Stopwatch", .. Effects],
        ["Cim"] = ["System.Net", "Microsoft.", .. Effects],
        ["Events"] = ["System.Net", "Microsoft.", .. Effects.Except(["System.TimeProvider"])], // timediff() compares with now, which is handed in
        ["Security"] = ["System.Xml", "System.Private.Xml", "Microsoft.AspNetCore"],
        ["Ipmi"] = ["System.Xml", "System.Private.Xml", "Microsoft.AspNetCore"],
        ["Linux"] = ["System.Xml", "System.Private.Xml", "Microsoft.AspNetCore"],
        ["Processes"] = ["System.Xml", "System.Private.Xml", "Microsoft.AspNetCore"],
        ["Plugins"] = ["System.Net", "Microsoft.", .. Effects],
        ["Client"] = ["Microsoft.AspNetCore"],
        ["Service"] = ["System.Net.Http", "Microsoft.AspNetCore"],
        ["Providers"] = ["System.Net.Http", "Microsoft.AspNetCore"],
        ["Shells"] = ["System.Net.Http", "Microsoft.AspNetCore"],
        ["Collector"] = ["Microsoft.AspNetCore.Server.Kestrel"],
        ["Source"] = ["Microsoft.AspNetCore.Server.Kestrel"],
        ["CommandLine"] = ["Microsoft.AspNetCore"],
    };

    // Files and processes: a room that computes has none.
    private static string[] Effects => ["System.IO.File", "System.IO.FileStream", "System.IO.Directory", "System.Diagnostics.Process"];

    [Fact]
    public void Every_room_uses_only_the_rooms_below_it()
    {
        var wrong = Room.All().SelectMany(room => Arrows.ContainsKey(Short(room.Name))
            ? room.Assemblies.Where(IsRoom).Select(Short).Except(Below(Short(room.Name))).Select(other => $"{room.Name} uses {other}")
            : [$"{room.Name} stands in no row of the table"]);

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_room_sees_what_is_not_its_business()
    {
        var wrong = Room.All().SelectMany(room => Never.GetValueOrDefault(Short(room.Name), []).SelectMany(never =>
            room.Assemblies.Where(a => a.StartsWith(never, StringComparison.Ordinal)).Concat(room.Types.Where(t => t == never)).Select(seen => $"{room.Name} sees {seen}")));

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_table_itself_has_no_circle()
    {
        Assert.All(Arrows.Keys, room => Assert.DoesNotContain(room, Below(room)));
        Assert.All(Never.Keys, room => Assert.True(Arrows.ContainsKey(room), room));
    }

    private static bool IsRoom(string assembly) => assembly.StartsWith("Farwire.", StringComparison.Ordinal);

    private static string Short(string name) => IsRoom(name) ? name["Farwire.".Length..] : name;

    private static HashSet<string> Below(string room)
    {
        var below = new HashSet<string>();
        var next = new Queue<string>(Arrows[room]);
        while (next.TryDequeue(out var other))
        {
            if (below.Add(other))
            {
                Array.ForEach(Arrows[other], next.Enqueue);
            }
        }

        return below;
    }
}
