using Farwire.Client.Enumeration;
using Farwire.Protocol.Enumeration;

namespace Farwire.Client.Automation;

/// <summary>The operations of one session with a service.</summary>
/// <remarks>
/// WinRM documentation, "Session"; the interface IWSManSession. A resource is named by its URI with keys behind a question mark, by an endpoint
/// reference in XML, or by a <see cref="ResourceLocator"/>. An alias such as <c>winrm</c> or <c>wmicimv2</c> at the beginning of a URI is written out;
/// inside of a reference it is not, and the service refuses it. Dispose it to close the connection.
/// </remarks>
public sealed class Session : IDisposable
{
    private readonly SessionTarget _target;
    private readonly LastError _error = new();
    private WSManClient? _client;
    private bool _isDisposed;
    private int _enumerations;
    private int _batchItems = 20;
    private int _timeout = 60_000;

    internal Session(SessionTarget target) => _target = target;

    /// <summary>Items that one answer of an enumeration holds at most; 20 unless set. Fixed while an enumeration runs.</summary>
    /// <exception cref="InvalidOperationException">An enumeration runs.</exception>
    public int BatchItems
    {
        get => _batchItems;
        set => _batchItems = _error.Keep(() => Settled(value, nameof(BatchItems)));
    }

    /// <summary>How long an operation may take, in milliseconds; 60000 unless set. What takes longer fails. Fixed while an enumeration runs.</summary>
    /// <exception cref="InvalidOperationException">An enumeration runs.</exception>
    public int Timeout
    {
        get => _timeout;
        set => _timeout = _error.Keep(() => Settled(value, nameof(Timeout)));
    }

    /// <summary>The last failure of this object as XML; empty after a success.</summary>
    public string Error => _error.Xml;

    /// <summary>Reads a resource.</summary>
    /// <param name="resourceUri">The resource.</param>
    /// <param name="flags">0; others are reserved.</param>
    /// <returns>Its XML; with a fragment <c>w:XmlFragment</c>.</returns>
    public string Get(string resourceUri, int flags = 0) => Get(() => ResourceArgument.Of(resourceUri), flags);

    /// <inheritdoc cref="Get(string, int)"/>
    public string Get(ResourceLocator resourceUri, int flags = 0) => Get(resourceUri.ToArgument, flags);

    /// <summary>Changes a resource.</summary>
    /// <param name="resourceUri">The resource.</param>
    /// <param name="resource">What it shall be, as XML; with a fragment <c>w:XmlFragment</c>.</param>
    /// <param name="flags">0; others are reserved.</param>
    /// <returns>Its XML as it is then.</returns>
    public string Put(string resourceUri, string resource, int flags = 0) => Put(() => ResourceArgument.Of(resourceUri), resource, flags);

    /// <inheritdoc cref="Put(string, string, int)"/>
    public string Put(ResourceLocator resourceUri, string resource, int flags = 0) => Put(resourceUri.ToArgument, resource, flags);

    /// <summary>Makes a resource.</summary>
    /// <param name="resourceUri">The kind, with the keys.</param>
    /// <param name="resource">What it shall be, as XML.</param>
    /// <param name="flags">0; others are reserved.</param>
    /// <returns>The reference to it (<c>x:ResourceCreated</c>), which every operation takes for a resource.</returns>
    public string Create(string resourceUri, string resource, int flags = 0) => Create(() => ResourceArgument.Of(resourceUri), resource, flags);

    /// <inheritdoc cref="Create(string, string, int)"/>
    public string Create(ResourceLocator resourceUri, string resource, int flags = 0) => Create(resourceUri.ToArgument, resource, flags);

    /// <summary>Removes a resource.</summary>
    /// <param name="resourceUri">The resource.</param>
    /// <param name="flags">0; others are reserved.</param>
    public void Delete(string resourceUri, int flags = 0) => Delete(() => ResourceArgument.Of(resourceUri), flags);

    /// <inheritdoc cref="Delete(string, int)"/>
    public void Delete(ResourceLocator resourceUri, int flags = 0) => Delete(resourceUri.ToArgument, flags);

    /// <summary>Runs a method of a resource.</summary>
    /// <param name="actionUri">The method's name, or the URI of its action.</param>
    /// <param name="resourceUri">The resource.</param>
    /// <param name="parameters">Its input, as XML (<c>…_INPUT</c>); it is given even when the method takes none.</param>
    /// <param name="flags">0; others are reserved.</param>
    /// <returns>Its output as XML (<c>…_OUTPUT</c>).</returns>
    public string Invoke(string actionUri, string resourceUri, string parameters, int flags = 0) => Invoke(actionUri, () => ResourceArgument.Of(resourceUri), parameters, flags);

    /// <inheritdoc cref="Invoke(string, string, string, int)"/>
    public string Invoke(string actionUri, ResourceLocator resourceUri, string parameters, int flags = 0) => Invoke(actionUri, resourceUri.ToArgument, parameters, flags);

    /// <summary>Lists the instances of a resource.</summary>
    /// <param name="resourceUri">The resource.</param>
    /// <param name="filter">Which of them: a query as text, or XML; empty is all.</param>
    /// <param name="dialect">The language of the filter, as URI; empty, and the filter's first character decides.</param>
    /// <param name="flags">A sum of <c>EnumerationFlag…</c>.</param>
    public Enumerator Enumerate(string resourceUri, string filter = "", string dialect = "", int flags = 0) =>
        Enumerate(() => ResourceArgument.Of(resourceUri), filter, dialect, flags);

    /// <inheritdoc cref="Enumerate(string, string, string, int)"/>
    /// <exception cref="ArgumentException">There is a filter: it does not go with a locator.</exception>
    public Enumerator Enumerate(ResourceLocator resourceUri, string filter = "", string dialect = "", int flags = 0) => Enumerate(
        () => filter.Length == 0 && dialect.Length == 0 ? resourceUri.ToArgument() : throw new ArgumentException("A filter does not go with a ResourceLocator; give the URI.", nameof(filter)),
        filter,
        dialect,
        flags);

    /// <summary>Asks the service what it is.</summary>
    /// <param name="flags">A <c>SessionFlagUse…</c> for this question alone, such as <c>SessionFlagUseNoAuthentication</c>; 0 asks as the session does.</param>
    /// <returns><c>wsmid:IdentifyResponse</c>.</returns>
    public string Identify(int flags = 0) => _error.Keep(() =>
    {
        if (flags == 0)
        {
            return Wait(Client().IdentifyXmlAsync(default));
        }

        using var other = new Session(_target.With((SessionFlags)flags)) { Timeout = Timeout };
        return Wait(other.Client().IdentifyXmlAsync(default));
    });

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _client?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _client = null;
    }

    private string Get(Func<ResourceArgument> resource, int flags) => Operate(resource, flags, mayBePart: true, (client, about) => about.Fragment is { } part
        ? client.GetFragmentAsync(about.Uri, about.Selectors, part)
        : client.GetAsync(about.Uri, about.Selectors));

    private string Put(Func<ResourceArgument> resource, string xml, int flags) => Operate(resource, flags, mayBePart: true, (client, about) => about.Fragment is { } part
        ? client.PutFragmentAsync(about.Uri, about.Selectors, part, Given(xml))
        : client.PutAsync(about.Uri, about.Selectors, Given(xml)));

    private string Create(Func<ResourceArgument> resource, string xml, int flags) =>
        Operate(resource, flags, mayBePart: false, (client, about) => client.CreateXmlAsync(about.Uri, about.Selectors, Given(xml), default));

    private void Delete(Func<ResourceArgument> resource, int flags) => Operate(resource, flags, mayBePart: false, async (client, about) =>
    {
        await client.DeleteAsync(about.Uri, about.Selectors).ConfigureAwait(false);
        return "";
    });

    private string Invoke(string action, Func<ResourceArgument> resource, string xml, int flags) => Operate(resource, flags, mayBePart: false, (client, about) => action.Length > 0
        ? client.InvokeAsync(action, about.Uri, about.Selectors, Given(xml))
        : throw new ArgumentException("The method is missing.", nameof(action)));

    private Enumerator Enumerate(Func<ResourceArgument> resource, string filter, string dialect, int flags) => _error.Keep(() =>
    {
        var (about, wanted) = (resource(), (EnumerationFlags)flags);
        var request = new EnumerationRequest
        {
            Selectors = about.Selectors,
            Fragment = about.Fragment,
            Filter = FilterArgument.Of(filter, dialect, Checked(wanted)),
            Mode = wanted.HasFlag(EnumerationFlags.ReturnEpr) ? EnumerationMode.Epr
                : wanted.HasFlag(EnumerationFlags.ReturnObjectAndEpr) ? EnumerationMode.ObjectAndEpr
                : EnumerationMode.Object,
            Polymorphism = wanted.HasFlag(EnumerationFlags.HierarchyShallow) ? PolymorphismMode.None
                : wanted.HasFlag(EnumerationFlags.HierarchyDeepBasePropsOnly) ? PolymorphismMode.ExcludeSubClassProperties
                : null,
            BatchItems = _batchItems,
        };
        var client = Prepared(about);
        _enumerations++;
        return new Enumerator(client.EnumerateAsync(about.Uri, request), () => _enumerations--);
    });

    private string Operate(Func<ResourceArgument> resource, int flags, bool mayBePart, Func<WSManClient, ResourceArgument, Task<string>> operation) => _error.Keep(() =>
    {
        if (flags != 0)
        {
            throw new ArgumentException($"The flags of this operation are reserved and must be 0, not 0x{flags:X}.", nameof(flags));
        }

        var about = resource();
        return about.Fragment is null || mayBePart
            ? Wait(operation(Prepared(about), about))
            : throw new ArgumentException("This operation is about the whole of a resource; leave FragmentPath empty.", nameof(resource));
    });

    private WSManClient Prepared(ResourceArgument about) => _target.IsAnonymous
        ? throw new InvalidOperationException("A session without authentication can ask the service what it is (Identify), and nothing else.")
        : Client().With(options => options with { RequestOptions = about.Options });

    // Made at the first operation: what is wrong with the connection shows there.
    private WSManClient Client()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _client ??= new WSManClient(_target.Connect());
        return _client.With(options => options with { OperationTimeout = TimeSpan.FromMilliseconds(_timeout) });
    }

    private int Settled(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        return _enumerations == 0 ? value : throw new InvalidOperationException($"{name} is fixed while an enumeration runs; read it to its end, or dispose it.");
    }

    private static EnumerationFlags Checked(EnumerationFlags flags) =>
        (flags & ~EnumerationFlags.All) != 0 ? throw new ArgumentException($"0x{(int)(flags & ~EnumerationFlags.All):X} is no flag of an enumeration.", nameof(flags))
        : flags.HasFlag(EnumerationFlags.ReturnEpr | EnumerationFlags.ReturnObjectAndEpr) ? throw new ArgumentException("Items are references, or both; not the one and the other.", nameof(flags))
        : flags.HasFlag(EnumerationFlags.HierarchyShallow | EnumerationFlags.HierarchyDeepBasePropsOnly) ? throw new ArgumentException("Derived instances are left out, or cut; not both.", nameof(flags))
        : flags;

    private static string Given(string xml) => !string.IsNullOrWhiteSpace(xml) ? xml : throw new ArgumentException("The XML is missing.", nameof(xml));

    // The library never comes back to the caller's thread by itself, so waiting for it cannot lock up.
    private static T Wait<T>(Task<T> operation) => operation.GetAwaiter().GetResult();
}
