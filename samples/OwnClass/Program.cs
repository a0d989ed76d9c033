// A CIM class of one's own, from its declaration to the answer over WS-Management: what a program knows becomes something that every WinRM client can
// list, query, change and call.
using Farwire.Cim.Classes;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Providers.Contract;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using OwnClass;

// 1. The class, in MOF, in a namespace of its own.
var schema = new CimSchema("root/brewery").AddMof("""
    class Brewery_Tank {
      [Key, Read] string Name;
      [Read, Units("degrees C")] real64 Temperature;
      [Read, Write, Units("degrees C")] real64 Target;
      [Read] boolean Cooling;
      uint32 Empty([In] uint32 Litres, [Out] uint32 Left);
    };
    """);

// 2. Who knows the instances: a line for each property, and what changes and methods do.
var cellar = new Cellar();
var tanks = new CimTable<Tank>(schema, "Brewery_Tank", _ => cellar.Tanks)
{
    ["Name"] = tank => tank.Name,
    ["Temperature"] = tank => tank.Temperature,
    ["Target"] = tank => tank.Target,
    ["Cooling"] = tank => tank.Temperature > tank.Target,
    Put = (tank, changes, _) =>
    {
        tank.Target = changes["Target"].AsDouble();
        return ValueTask.CompletedTask;
    },
    Invoke = (tank, call, _) => ValueTask.FromResult(
        tank.TryEmpty(call["Litres"].AsUInt64()) ? CimOutcome.Of(0, ("Left", tank.Litres)) : CimOutcome.Of(1, ("Left", tank.Litres))),
};

// 3. The service. A program that is to be reached from elsewhere gives the dispatcher to WSManServer; here the way is short.
await using var dispatcher = new Dispatcher(new ResourceCatalog().Add(new CimCatalog().Add(schema, tanks)));
await using var client = new WSManClient(
    new LoopbackChannel(dispatcher, Caller.Named(Environment.UserName)), new WSManConnectionOptions { Address = new Uri("http://localhost:5985/wsman") });

// 4. And a client, which knows nothing of all this.
const string uri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/brewery";
await foreach (var tank in client.EnumerateInstancesAsync($"{uri}/*", new EnumerationRequest { Filter = Filter.Wql("select Name,Temperature from Brewery_Tank where Cooling=true") }))
{
    Console.WriteLine($"{tank["Name"]} is cooled at {tank["Temperature"]}");
}

var keys = SelectorSet.Of(("Name", "North"));
await client.PutAsync($"{uri}/Brewery_Tank", keys, $"<p:Brewery_Tank xmlns:p=\"{uri}/Brewery_Tank\"><p:Target>20</p:Target></p:Brewery_Tank>");
var north = await client.GetInstanceAsync($"{uri}/Brewery_Tank", keys);
Console.WriteLine($"{north["Name"]} is cooled: {north["Cooling"]}");

var output = await client.InvokeAsync("Empty", $"{uri}/Brewery_Tank", keys, $"<p:Empty_INPUT xmlns:p=\"{uri}/Brewery_Tank\"><p:Litres>30</p:Litres></p:Empty_INPUT>");
var left = System.Xml.Linq.XElement.Parse(output).Elements().First(e => e.Name.LocalName == "Left").Value;
Console.WriteLine($"{left} litres are left in {north["Name"]}");
