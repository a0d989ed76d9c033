using System.Globalization;
using System.Net.Sockets;
using System.Xml.Linq;
using Farwire.Client;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm quickconfig</c>: from a service without listeners to one that can be reached.</summary>
/// <remarks>1. Look what is missing. 2. Tell. 3. Ask. 4. Do it. 5. See whether it worked.</remarks>
internal static class QuickConfigVerb
{
    private const string Listener = Namespaces.Config + "/listener";
    private const string Service = Namespaces.Config + "/service";
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(Call call)
    {
        call.Rest(0);
        var transport = (call.Switches["transport"] ?? "http").ToUpperInvariant();
        if (transport is not ("HTTP" or "HTTPS"))
        {
            throw new UsageException($"-transport is http or https, not '{call.Switches["transport"]}'.");
        }

        // What else is missing says the service: it must run first.
        var start = await ServiceUnit.MissingAsync(call).ConfigureAwait(false);
        if (start is not null && !await MakeAsync(call, [start]).ConfigureAwait(false))
        {
            return;
        }

        var output = call.Terminal.Output;
        await using var client = call.Client();

        // 1
        var (changes, port) = await MissingAsync(call, client, transport).ConfigureAwait(false);
        if (changes.Count == 0)
        {
            output.WriteLine($"WinRM is set up already: it listens at {transport}://*:{port.ToString(CultureInfo.InvariantCulture)}.");
            return;
        }

        // 2 3 4
        if (!await MakeAsync(call, changes).ConfigureAwait(false))
        {
            return;
        }

        // 5
        if (!await AnswersAsync(client, transport, port, call.CancellationToken).ConfigureAwait(false))
        {
            throw new UsageException($"the changes were made, but nothing listens on port {port}; the log of the service says why ('journalctl -u farwired').");
        }

        // As the page about installation prints it: scripts look for the first line.
        output.WriteLine("WinRM has been updated for remote management.");
        output.WriteLine();
        foreach (var change in start is null ? changes : [start, .. changes])
        {
            output.WriteLine(change.Done);
        }

        output.WriteLine($"Now it listens at {transport}://*:{port.ToString(CultureInfo.InvariantCulture)}.");
    }

    // Tells, asks, and does it; false when nothing was to be changed.
    private static async Task<bool> MakeAsync(Call call, IReadOnlyList<Change> changes)
    {
        // 2
        var output = call.Terminal.Output;
        output.WriteLine("The following changes must be made:");
        output.WriteLine();
        foreach (var change in changes)
        {
            output.WriteLine(change.Text);
        }

        if (call.Switches.Has("--dry-run"))
        {
            return false;
        }

        // 3
        output.WriteLine();
        if (!call.Switches.Has("quiet") && !call.Switches.Has("force"))
        {
            output.Write("Make these changes [y/n]? ");
            await output.FlushAsync(call.CancellationToken).ConfigureAwait(false);
            if (call.Terminal.Input.ReadLine()?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
            {
                output.WriteLine();
                output.WriteLine("Nothing was changed.");
                return false;
            }
        }

        // 4
        foreach (var change in changes)
        {
            await change.MakeAsync().ConfigureAwait(false);
        }

        return true;
    }

    private static async Task<(List<Change> Changes, int Port)> MissingAsync(Call call, WSManClient client, string transport)
    {
        var service = XElement.Parse(await client.GetAsync(Service, SelectorSet.Empty, call.CancellationToken).ConfigureAwait(false));
        var port = int.Parse(Leaf(service.Descendants().Single(e => e.Name.LocalName == "DefaultPorts"), transport), CultureInfo.InvariantCulture);
        var changes = new List<Change>();
        if (Leaf(service, "AllowRemoteAccess") != "true")
        {
            changes.Add(new Change("Allow remote access (AllowRemoteAccess).", "Remote access is allowed.", () => client.PutAsync(
                Service, SelectorSet.Empty, new XElement(service.Name, new XElement(service.Name.Namespace + "AllowRemoteAccess", "true")).ToString(), call.CancellationToken)));
        }

        var keys = SelectorSet.Of(("Address", "*"), ("Transport", transport));
        XElement? found = null;
        await foreach (var xml in client.EnumerateAsync(Listener, cancellationToken: call.CancellationToken).ConfigureAwait(false))
        {
            var listener = XElement.Parse(xml);
            found = Leaf(listener, "Address") == "*" && Leaf(listener, "Transport") == transport ? listener : found;
        }

        if (found is null)
        {
            if (transport == "HTTPS" && ServerCertificate.IsMissing(call))
            {
                changes.Add(new Change($"Make a certificate for {ServerCertificate.HostName}, signed by itself, in {ServerCertificate.Folder(call)}.", $"Made a certificate for {ServerCertificate.HostName}.", () => ServerCertificate.MakeAsync(call)));
            }

            XNamespace ns = Listener;
            changes.Add(new Change($"Create a WinRM listener on {transport}://* to accept requests to any address of this machine.", $"Created a WinRM listener on {transport}://* to accept WS-Man requests to any IP on this machine.", () => client.CreateAsync(
                Listener, keys, new XElement(ns + "Listener", transport == "HTTPS" ? new XElement(ns + "Hostname", ServerCertificate.HostName) : null).ToString(), call.CancellationToken)));
        }
        else
        {
            port = int.Parse(Leaf(found, "Port"), CultureInfo.InvariantCulture);
            if (Leaf(found, "Enabled") != "true")
            {
                found.Elements().Single(e => e.Name.LocalName == "Enabled").Value = "true";
                changes.Add(new Change($"Enable the WinRM listener on {transport}://*.", $"Enabled the WinRM listener on {transport}://*.", () => client.PutAsync(Listener, keys, found.ToString(), call.CancellationToken)));
            }
        }

        if (!call.Switches.Has("force") && await Firewall.MissingRuleAsync(port, call.CancellationToken).ConfigureAwait(false) is { } firewall)
        {
            changes.Add(new Change($"Open port {port} in the firewall ({firewall.Name}).", $"WinRM firewall exception enabled ({firewall.Name}).", () => OpenAsync(call, firewall)));
        }

        return (changes, port);
    }

    private static async Task OpenAsync(Call call, Firewall firewall)
    {
        foreach (var command in firewall.Commands)
        {
            if (await Firewall.RunAsync(command, call.CancellationToken).ConfigureAwait(false) is not (0, _) and var outcome)
            {
                throw new UsageException($"'{string.Join(' ', command)}' failed: {outcome?.Output.Trim()}. -force leaves the firewall alone.");
            }
        }

        if (firewall.Advice.Length > 0)
        {
            call.Terminal.Output.WriteLine(firewall.Advice);
        }
    }

    // A listener tells where it listens; the port must take a connection there.
    private static async Task<bool> AnswersAsync(WSManClient client, string transport, int port, CancellationToken cancellationToken)
    {
        var listener = XElement.Parse(await client.GetAsync(Listener, SelectorSet.Of(("Address", "*"), ("Transport", transport)), cancellationToken).ConfigureAwait(false));
        foreach (var address in listener.Elements().Where(e => e.Name.LocalName == "ListeningOn"))
        {
            try
            {
                using var probe = new TcpClient();
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                patience.CancelAfter(ProbePatience); // a firewall may say nothing at all
                await probe.ConnectAsync(address.Value, port, patience.Token).ConfigureAwait(false);
                return true;
            }
            catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The next address may do.
            }
        }

        return false;
    }

    private static string Leaf(XElement parent, string name) => parent.Elements().Single(element => element.Name.LocalName == name).Value;

    /// <summary>One thing to do.</summary>
    /// <param name="Text">What it is.</param>
    /// <param name="Done">What has been done, afterwards.</param>
    /// <param name="MakeAsync">Does it.</param>
    internal sealed record Change(string Text, string Done, Func<Task> MakeAsync);
}
