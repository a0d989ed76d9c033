using System.Text;
using Farwire.Protocol.Shell;

namespace Farwire.CommandLine.PowerShell;

/// <summary>Text that goes on as pieces of a stream, each time it is flushed.</summary>
internal sealed class PieceWriter(string stream, Action<StreamData> heard) : TextWriter
{
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => _text.Append(value);

    public override void Write(string? value) => _text.Append(value);

    public override void Flush()
    {
        if (_text.Length > 0)
        {
            heard(new StreamData(stream, Encoding.UTF8.GetBytes(_text.ToString())));
            _text.Clear();
        }
    }
}
