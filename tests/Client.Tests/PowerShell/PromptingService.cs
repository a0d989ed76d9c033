using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Farwire.Client.Connection;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Fragments;
using Farwire.Client.PowerShell.Messages;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Client.Tests.PowerShell;

/// <summary>A PowerShell that does nothing but call its client's host, and tell what it was answered; or waits to be stopped.</summary>
internal sealed class PromptingService : IMessageChannel
{
    private const string Done = "<rsp:CommandState State=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done\"><rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState>";

    private readonly (long Id, int Method, string Name)[] _calls;
    private readonly FragmentSplitter _splitter = new(4096);
    private readonly FragmentAssembler _assembler = new();
    private readonly SemaphoreSlim _poolReady = new(0);
    private readonly SemaphoreSlim _pipelineReady = new(0);
    private readonly Queue<string> _pool = new();
    private readonly Queue<string> _pipeline = new();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _lock = new();
    private Guid _pipelineId;
    private int _next;

    public PromptingService(params (long Id, int Method, string Name)[] calls)
    {
        _calls = calls;
        Client = new WSManClient(this, new WSManConnectionOptions { Address = new Uri("https://box/wsman") });
        Tell(_pool, _poolReady, Stream(MessageType.SessionCapability, RemoteObject.Bag(("protocolversion", new Version(2, 3)))));
        Tell(_pool, _poolReady, Stream(MessageType.RunspacePoolState, RemoteObject.Bag(("RunspaceState", 2))));
    }

    public WSManClient Client { get; }

    public Guid PoolId { get; } = Guid.NewGuid();

    /// <summary>The signals that came.</summary>
    public List<string> Signals { get; } = [];

    public async IAsyncEnumerable<ReceivedReply> SendAsync(Request request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var written = new XmlUtf8Writer();
        EnvelopeWriter.Write(written, request);
        var body = XDocument.Parse(Encoding.UTF8.GetString(written.Written.Span)).Root!.Elements().Last().Elements().FirstOrDefault();
        if (request.Headers.Action == Actions.Receive)
        {
            var isPool = body!.Elements().Single().Attribute("CommandId") is null;
            await (isPool ? _poolReady : _pipelineReady).WaitAsync(cancellationToken);
        }

        string answer;
        lock (_lock)
        {
            answer = Answer(request.Headers.Action!, body);
        }

        yield return EnvelopeReader.ReadReply(Encoding.UTF8.GetBytes(
            $"<s:Envelope xmlns:s=\"{Namespaces.Soap}\" xmlns:rsp=\"{Namespaces.Shell}\" xmlns:w=\"{Namespaces.WSMan}\" xmlns:a=\"{Namespaces.Addressing}\" xmlns:x=\"{Namespaces.Transfer}\"><s:Header/><s:Body>{answer}</s:Body></s:Envelope>"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string Answer(string action, XElement? body)
    {
        switch (action)
        {
            case Actions.Create:
                return $"<x:ResourceCreated><a:Address>https://box/wsman</a:Address><a:ReferenceParameters><w:ResourceURI>http://schemas.microsoft.com/powershell/Microsoft.PowerShell</w:ResourceURI><w:SelectorSet><w:Selector Name=\"ShellId\">{PoolId:D}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>";
            case Actions.Command:
                _pipelineId = Guid.Parse((string)body!.Attribute("CommandId")!);
                CallNext();
                return $"<rsp:CommandResponse><rsp:CommandId>{(string)body.Attribute("CommandId")!}</rsp:CommandId></rsp:CommandResponse>";
            case Actions.Receive:
                var isPool = body!.Elements().Single().Attribute("CommandId") is null;
                return $"<rsp:ReceiveResponse>{(isPool ? _pool : _pipeline).Dequeue()}</rsp:ReceiveResponse>";
            case Actions.Send:
                foreach (var bytes in _assembler.Add(Convert.FromBase64String(body!.Value)))
                {
                    Take(RemotingMessage.Read(bytes));
                }

                return "<rsp:SendResponse/>";
            case Actions.Signal:
                Signals.Add(body!.Value);
                if (body.Value == Farwire.Protocol.Shell.ShellNames.StopPipeline)
                {
                    Tell(_pipeline, _pipelineReady, Stream(MessageType.PipelineState, RemoteObject.Bag(("PipelineState", 3))) + Done);
                }

                return "<rsp:SignalResponse/>";
            default:
                return "";
        }
    }

    private void Take(RemotingMessage message)
    {
        var data = (RemoteObject)ClixmlReader.Read(message.Data)!;
        if (message.Type == MessageType.PublicKey)
        {
            Tell(_pool, _poolReady, Stream(MessageType.EncryptedSessionKey, RemoteObject.Bag(("EncryptedSessionKey", Sealed((string)data["PublicKey"]!)))));
            return;
        }

        var name = ((RemoteObject)data["mi"]!).Text;
        var said = data["mr"] switch
        {
            SealedString secret => Open(secret),
            RemoteObject { Adapted: { } credential } => credential.TryGet("UserName", out var user) && credential.TryGet("Password", out var password) ? $"{user} {Open((SealedString)password!)}" : "?",
            null => (data["me"] as RemoteObject)?["FullyQualifiedErrorId"],
            var plain => plain,
        };
        Tell(_pipeline, _pipelineReady, Stream(MessageType.PipelineOutput, $"{name}: {said}"));
        CallNext();
    }

    // Calls without an answer go with the next one that has one.
    private void CallNext()
    {
        while (_next < _calls.Length)
        {
            var (id, method, name) = _calls[_next++];
            Tell(_pipeline, _pipelineReady, Stream(MessageType.PipelineHostCall, RemoteObject.Bag(
                ("ci", id), ("mi", RemoteObject.Enum("System.Management.Automation.Remoting.RemoteHostMethodId", name, method)), ("mp", new RemoteList()))));
            if (id >= 0)
            {
                return;
            }
        }

        if (_calls.Length > 0)
        {
            Tell(_pipeline, _pipelineReady, Stream(MessageType.PipelineState, RemoteObject.Bag(("PipelineState", 4))) + Done);
        }
    }

    private string Stream(MessageType type, object data)
    {
        var isPool = type is MessageType.SessionCapability or MessageType.RunspacePoolState or MessageType.EncryptedSessionKey;
        var message = new RemotingMessage(MessageDestination.Client, type, PoolId, isPool ? Guid.Empty : _pipelineId, ClixmlWriter.Write(data));
        return $"<rsp:Stream Name=\"stdout\">{Convert.ToBase64String([.. _splitter.Split(message.ToBytes()).SelectMany(f => f)])}</rsp:Stream>";
    }

    private static void Tell(Queue<string> queue, SemaphoreSlim ready, string what)
    {
        queue.Enqueue(what);
        ready.Release();
    }

    // The public key is the modulus of RSA, least significant byte first, after 20 bytes that say so.
    private string Sealed(string publicKey)
    {
        using var rsa = RSA.Create(new RSAParameters { Modulus = [.. Convert.FromBase64String(publicKey)[20..].Reverse()], Exponent = [1, 0, 1] });
        return Convert.ToBase64String([1, 2, 0, 0, 0x10, 0x66, 0, 0, 0, 0xA4, 0, 0, .. rsa.Encrypt(_key, RSAEncryptionPadding.Pkcs1).Reverse()]);
    }

    private string Open(SealedString secret)
    {
        using var aes = Aes.Create();
        aes.Key = _key;
        return Encoding.Unicode.GetString(aes.DecryptCbc(secret.Sealed.Span, new byte[16]));
    }
}
