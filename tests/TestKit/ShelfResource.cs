using System.Collections.Concurrent;
using System.Text;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Transfer;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.TestKit;

/// <summary>A resource that can do everything: boxes on a shelf, keyed by Name, with tags (an array) and an owner (an embedded object).</summary>
public sealed class ShelfResource : IGetResource, IPutResource, ICreateResource, IDeleteResource, IEnumerateResource, IInvokeResource
{
    public const string Uri = ResourceUris.Microsoft + "/test/Box";

    private readonly ConcurrentDictionary<string, Box> _boxes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Cursors that were opened and not yet closed.</summary>
    public int OpenCursors { get; private set; }

    /// <summary>When set, an enumeration waits for this before each item.</summary>
    public Func<CancellationToken, Task>? BeforeItem { get; set; }

    public IReadOnlyCollection<string> Names => [.. _boxes.Keys];

    public void Put(Box box) => _boxes[box.Name] = box;

    public ValueTask<IBody> GetAsync(OperationContext context) => ValueTask.FromResult<IBody>(Named(context));

    public ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation)
    {
        var old = Named(context);
        var box = Box.Read(representation);
        if (!string.Equals(box.Name, old.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw FaultCatalog.InvalidXmlValues.Fault("the key Name cannot be changed.");
        }

        Put(box);
        return ValueTask.FromResult<IBody>(box);
    }

    public ValueTask<ResourceCreated> CreateAsync(OperationContext context, BodyReader representation)
    {
        var box = Box.Read(representation);
        return _boxes.TryAdd(box.Name, box)
            ? ValueTask.FromResult(context.Reference(SelectorSet.Of(("Name", box.Name))))
            : throw FaultCatalog.AlreadyExists.Fault($"there is a box '{box.Name}'.");
    }

    public ValueTask DeleteAsync(OperationContext context)
    {
        _boxes.TryRemove(Named(context).Name, out _);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IBody> InvokeAsync(OperationContext context, string method, BodyReader input)
    {
        if (method != "Relabel")
        {
            throw FaultCatalog.InvalidActionUri.Fault($"a box has no method '{method}'.");
        }

        var box = Named(context);
        var given = Box.Read(input, "Relabel_INPUT");
        Put(box with { Tags = given.Tags, Owner = given.Owner });
        return ValueTask.FromResult<IBody>(new XmlBody(Encoding.UTF8.GetBytes(
            $"<t:Relabel_OUTPUT xmlns:t=\"{Uri}\"><t:ReturnValue>{given.Tags.Count}</t:ReturnValue></t:Relabel_OUTPUT>")));
    }

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request)
    {
        if (request.Filter is { } filter && !filter.IsDialect(Dialects.Selector))
        {
            throw FaultCatalog.FilterDialectUnavailable.Fault($"boxes are filtered by '{Dialects.Selector}' only.");
        }

        OpenCursors++;
        var wanted = request.Filter?.Selectors?["Name"];
        return ValueTask.FromResult<IEnumerationCursor>(new Cursor(
            this, _boxes.Values.Where(b => wanted is null || wanted.Equals(b.Name, StringComparison.OrdinalIgnoreCase)).OrderBy(b => b.Name, StringComparer.Ordinal)));
    }

    private Box Named(OperationContext context)
    {
        var name = context.RequireSelector("Name");
        return _boxes.TryGetValue(name, out var box) ? box : throw FaultCatalog.ResourceNotFound.Fault($"there is no box '{name}'.");
    }

    private sealed class Cursor(ShelfResource shelf, IEnumerable<Box> boxes) : IEnumerationCursor
    {
        private readonly IEnumerator<Box> _boxes = boxes.GetEnumerator();

        public long? TotalItems => shelf._boxes.Count;

        public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
        {
            if (shelf.BeforeItem is { } wait)
            {
                await wait(cancellationToken);
            }

            return _boxes.MoveNext();
        }

        public void WriteObject(XmlUtf8Writer xml) => _boxes.Current.Write(xml);

        public void WriteReference(XmlUtf8Writer xml) =>
            new EndpointReference { ResourceUri = Uri, Selectors = SelectorSet.Of(("Name", _boxes.Current.Name)) }.Write(xml);

        public ValueTask DisposeAsync()
        {
            shelf.OpenCursors--;
            _boxes.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A thing on the shelf.</summary>
public sealed record Box(string Name) : IBody<Box>
{
    public IReadOnlyList<string> Tags { get; init; } = [];

    public Person? Owner { get; init; }

    public static Box Read(BodyReader body) => Read(body, "Box");

    public static Box Read(BodyReader body, string element)
    {
        var box = new Box("");
        var tags = new List<string>();
        body.Enter(element, ShelfResource.Uri);
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "Name": box = box with { Name = body.ReadText() }; break;
                case "Tags": tags.Add(body.ReadText()); break;
                case "Owner": box = box with { Owner = Person.Read(body) }; break;
                default: throw FaultCatalog.InvalidXmlValues.Fault($"a box has no '{body.LocalName}'.");
            }
        }

        return box with { Tags = tags };
    }

    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("t:Box"u8);
        xml.Attribute("xmlns:t"u8, ShelfResource.Uri);
        xml.Element("t:Name"u8, Name);
        foreach (var tag in Tags)
        {
            xml.Element("t:Tags"u8, tag);
        }

        Owner?.Write(xml);
        xml.End("t:Box"u8);
    }
}

/// <summary>Whose box it is.</summary>
public sealed record Person(string First, string Last)
{
    public static Person Read(BodyReader body)
    {
        var person = new Person("", "");
        body.Enter();
        while (body.NextChild())
        {
            person = body.LocalName == "First" ? person with { First = body.ReadText() } : person with { Last = body.ReadText() };
        }

        return person;
    }

    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("t:Owner"u8);
        xml.Element("t:First"u8, First);
        xml.Element("t:Last"u8, Last);
        xml.End("t:Owner"u8);
    }
}
