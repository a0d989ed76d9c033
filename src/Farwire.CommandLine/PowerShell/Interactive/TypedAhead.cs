namespace Farwire.CommandLine.PowerShell.Interactive;

/// <summary>Keys that were pressed before anyone asked for them.</summary>
/// <remarks>
/// While a line is edited Ctrl-C is a key. One that comes behind Enter, but before the terminal makes signals of it again, would wait as a key for the next
/// line, and what runs would never hear of it. So all that is there is taken when the terminal has been given back.
/// </remarks>
/// <param name="isThere">A key waits.</param>
/// <param name="readKey">Waits for a key.</param>
internal sealed class TypedAhead(Func<bool> isThere, Func<ConsoleKeyInfo> readKey)
{
    private const int MaxKeys = 64 * 1024; // a pasted text

    private readonly Queue<ConsoleKeyInfo> _keys = new();

    /// <summary>Takes what waits. True when Ctrl-C is among it; what stood before it is given up, as a terminal does.</summary>
    public bool TakeAll()
    {
        var interrupted = false;
        while (_keys.Count < MaxKeys && isThere())
        {
            var key = readKey();
            if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
            {
                _keys.Clear();
                interrupted = true;
                continue;
            }

            _keys.Enqueue(key);
        }

        return interrupted;
    }

    /// <summary>The next key; those that were taken come first.</summary>
    public ConsoleKeyInfo ReadKey() => _keys.TryDequeue(out var key) ? key : readKey();

    /// <summary>The terminal, whose questions are answered by what was typed ahead first.</summary>
    public Terminal Before(Terminal terminal) => terminal with
    {
        Input = new Lines(this, terminal.Input),
        AskSecret = prompt => _keys.Count == 0 ? terminal.AskSecret(prompt) : Line(() => terminal.AskSecret(prompt)),
    };

    private string? Line(Func<string?> rest)
    {
        var typed = new System.Text.StringBuilder();
        while (_keys.TryDequeue(out var key))
        {
            if (key.Key == ConsoleKey.Enter)
            {
                return typed.ToString();
            }

            typed.Append(key.KeyChar);
        }

        return rest() is { } more ? typed.Append(more).ToString() : typed.Length > 0 ? typed.ToString() : null;
    }

    private sealed class Lines(TypedAhead ahead, TextReader rest) : TextReader
    {
        public override int Peek() => ahead._keys.TryPeek(out var key) ? key.KeyChar : rest.Peek();

        public override int Read() => ahead._keys.TryDequeue(out var key) ? key.KeyChar : rest.Read();

        public override string? ReadLine() => ahead.Line(rest.ReadLine);
    }
}
