using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Fragments;
using Farwire.Client.PowerShell.Messages;

namespace Farwire.Fuzz;

/// <summary>Objects of PowerShell, as documents; what was read is written and read again.</summary>
public sealed class ClixmlTarget() : TextTarget(
    "clixml", "%", "<Obj RefId=\"0\">", "</Obj>", "<Ref RefId=\"0\" />", "<TNRef RefId=\"0\" />", "<TN RefId=\"0\"><T>a</T></TN>", "<LST>", "</LST>", "<DCT>", "<En>", "<MS>", "</MS>", "<Props />", " N=\"a\"",
    "<I32>99999999999999999999</I32>", "<DT>9999-99-99T99:99:99</DT>", "<TS>P99999999999Y</TS>", "<BA>=</BA>", "<C>70000</C>", "_xD800_", "_x", "<!DOCTYPE a>", "<?a?>", "<![CDATA[", "&#0;", "\u00e4", "\0")
{
    protected override bool Read(string text)
    {
        try
        {
            foreach (var (_, value) in ClixmlReader.ReadDocument(text))
            {
                ClixmlReader.Read(ClixmlWriter.Write(value));
            }

            return true;
        }
        catch (PowerShellProtocolException)
        {
            return false;
        }
    }
}

/// <summary>Fragments of PowerShell's messages, several messages mixed.</summary>
public sealed class FragmentTarget : FuzzTarget
{
    public override string Name => "psrp";

    protected override IReadOnlyList<byte[]> Corpus { get; } = [Whole(4096), Whole(80), Whole(40)];

    protected override IReadOnlyList<byte[]> Dictionary { get; } =
        [[0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0, 0], [1], [2], [3], [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [1, 0, 0, 0], [0xEF, 0xBB, 0xBF], "<S>a</S>"u8.ToArray()];

    protected override bool Read(byte[] input)
    {
        try
        {
            foreach (var message in new FragmentAssembler().Add(input))
            {
                ClixmlReader.Read(RemotingMessage.Read(message).Data);
            }

            return true;
        }
        catch (PowerShellProtocolException)
        {
            return false;
        }
    }

    private static byte[] Whole(int fragmentBytes)
    {
        var splitter = new FragmentSplitter(fragmentBytes);
        byte[] Message(MessageType type) =>
            new RemotingMessage(MessageDestination.Client, type, Guid.Empty, Guid.Empty, ClixmlWriter.Write(RemoteObject.Bag(("PipelineState", 4), ("Text", "a_x")))).ToBytes();
        var (first, second) = (splitter.Split(Message(MessageType.PipelineOutput)), splitter.Split(Message(MessageType.PipelineState)));
        return [.. first.Zip(second).SelectMany(p => p.First.Concat(p.Second)).Concat(first.Skip(second.Count).SelectMany(f => f)).Concat(second.Skip(first.Count).SelectMany(f => f))];
    }
}
