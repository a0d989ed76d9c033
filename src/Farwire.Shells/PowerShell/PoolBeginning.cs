using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Farwire.Protocol.Names;

namespace Farwire.Shells.PowerShell;

/// <summary>What was agreed when a runspace pool began, told again to a client that connects to it.</summary>
/// <remarks>
/// MS-PSRP, "CONNECT_RUNSPACEPOOL Message": it is answered by SESSION_CAPABILITY and RUNSPACEPOOL_INIT_DATA. A pwsh that serves its standard streams knows one
/// client alone, so the endpoint answers from what has gone by.
/// </remarks>
internal sealed partial class PoolBeginning
{
    private const int HeaderBytes = 21;
    private const int SessionCapability = 0x00010002;
    private const int RunspacePoolInitData = 0x0002100B;

    // The ids of messages need to differ from those under way, and pwsh counts from 1.
    private const ulong FirstMessage = 1UL << 62;

    private Guid _pool;
    private string _least = "1";
    private string _most = "1";
    private string _version = "2.3";
    private bool _heardService;

    /// <summary>Takes the client's first messages: SESSION_CAPABILITY, INIT_RUNSPACEPOOL.</summary>
    // object id u64, fragment id u64, flags u8, length u32; then in the first: destination i32, type u32, pool GUID, pipeline GUID, CLIXML
    public void FromClient(ReadOnlySpan<byte> fragments)
    {
        if (fragments.Length >= HeaderBytes + 24)
        {
            _pool = new Guid(fragments.Slice(HeaderBytes + 8, 16));
        }

        var text = Encoding.UTF8.GetString(fragments);
        _least = Runspaces().Match(text) is { Success: true } least ? least.Groups[1].Value : _least;
        _most = MostRunspaces().Match(text) is { Success: true } most ? most.Groups[1].Value : _most;
    }

    /// <summary>Takes what the service says first: its version.</summary>
    public void FromService(ReadOnlySpan<byte> fragments)
    {
        if (!_heardService)
        {
            _heardService = true;
            _version = Version().Match(Encoding.UTF8.GetString(fragments)) is { Success: true } version ? version.Groups[1].Value : _version;
        }
    }

    /// <summary>The answer to a client that connects, as <c>connectResponseXml</c>.</summary>
    public string ToConnectResponse()
    {
        byte[] capability = Message(FirstMessage, SessionCapability, $"<Obj RefId=\"0\"><MS><Version N=\"protocolversion\">{_version}</Version><Version N=\"PSVersion\">2.0</Version><Version N=\"SerializationVersion\">1.1.0.1</Version></MS></Obj>");
        byte[] data = Message(FirstMessage + 1, RunspacePoolInitData, string.Create(CultureInfo.InvariantCulture, $"<Obj RefId=\"0\"><MS><I32 N=\"MinRunspaces\">{_least}</I32><I32 N=\"MaxRunspaces\">{_most}</I32></MS></Obj>"));
        return $"<connectResponseXml xmlns=\"{Namespaces.PowerShell}\">{Convert.ToBase64String([.. capability, .. data])}</connectResponseXml>";
    }

    private byte[] Message(ulong id, int type, string clixml)
    {
        const int client = 1;
        byte[] text = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(clixml)];
        var message = new byte[HeaderBytes + 40 + text.Length];
        BinaryPrimitives.WriteUInt64BigEndian(message, id);
        message[16] = 3; // the first and the last of its message
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(17), 40 + text.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(HeaderBytes), client);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(HeaderBytes + 4), type);
        _pool.TryWriteBytes(message.AsSpan(HeaderBytes + 8));
        text.CopyTo(message, HeaderBytes + 40);
        return message;
    }

    [GeneratedRegex("N=\"MinRunspaces\">([0-9]{1,9})<")]
    private static partial Regex Runspaces();

    [GeneratedRegex("N=\"MaxRunspaces\">([0-9]{1,9})<")]
    private static partial Regex MostRunspaces();

    [GeneratedRegex("N=\"protocolversion\">([0-9.]{1,9})<")]
    private static partial Regex Version();
}
