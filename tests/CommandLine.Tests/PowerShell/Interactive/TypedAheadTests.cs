using Farwire.CommandLine.PowerShell.Interactive;

namespace Farwire.CommandLine.Tests.PowerShell.Interactive;

public sealed class TypedAheadTests
{
    private readonly Queue<char> _pressed = new();

    [Fact]
    public void Ctrl_C_behind_Enter_interrupts_and_gives_up_what_stood_before_it()
    {
        var ahead = Pressed("lost\u0003dir");

        Assert.True(ahead.TakeAll());
        Assert.Equal("dir", $"{ahead.ReadKey().KeyChar}{ahead.ReadKey().KeyChar}{ahead.ReadKey().KeyChar}");
    }

    [Fact]
    public void What_was_pasted_behind_the_line_answers_questions_before_the_terminal_does()
    {
        var ahead = Pressed("ann\rsecret\rhalf");
        var terminal = ahead.Before(new Terminal(new StringReader(" of it\nnext\n"), TextWriter.Null, TextWriter.Null));

        Assert.False(ahead.TakeAll());
        Assert.Equal("ann", terminal.Input.ReadLine());
        Assert.Equal("secret", terminal.AskSecret("Password: "));
        Assert.Equal("half of it", terminal.Input.ReadLine());
        Assert.Equal("next", terminal.Input.ReadLine());
        Assert.Null(terminal.Input.ReadLine());
    }

    private TypedAhead Pressed(string keys)
    {
        foreach (var key in keys)
        {
            _pressed.Enqueue(key);
        }

        return new TypedAhead(() => _pressed.Count > 0, () => Key(_pressed.Dequeue()));
    }

    private static ConsoleKeyInfo Key(char c) => c switch
    {
        '\u0003' => new(c, ConsoleKey.C, shift: false, alt: false, control: true),
        '\r' => new(c, ConsoleKey.Enter, shift: false, alt: false, control: false),
        _ => new(c, ConsoleKey.None, shift: false, alt: false, control: false),
    };
}
