using System.Text;

namespace Farwire.Processes.Broker;

/// <summary>The few lines of sh by which a program begins as its account: variables, place, limits, and then the program itself.</summary>
/// <remarks>
/// Read by <c>setpriv … /bin/sh</c> after it has given up root. Variables come from clients: set any earlier, LD_PRELOAD and its kin would run code as
/// root. As a script they are in no argument list either, where every user could read them.
/// </remarks>
internal static class StartScript
{
    /// <summary>The descriptor under which the script is handed over.</summary>
    public const int Descriptor = 3;

    /// <summary>Writes the script. Every value is quoted; names that the shell could not take are refused.</summary>
    /// <exception cref="ArgumentException">A name of a variable is none, or a value holds a zero character.</exception>
    public static byte[] Write(ProgramOrder order)
    {
        var script = new StringBuilder();
        foreach (var (name, value) in order.Variables)
        {
            if (!IsName(name))
            {
                throw new ArgumentException($"'{name}' cannot be the name of a variable.", nameof(order));
            }

            script.Append("export ").Append(name).Append('=').Append(Quoted(value)).Append('\n');
        }

        // Like login: whoever has no home starts at the root. A directory that was asked for must be there.
        script.Append(order.WorkingDirectory is { Length: > 0 } directory ? $"cd -- {Quoted(directory)} || exit 126\n" : "cd 2>/dev/null || cd /\n");

        if (order.MaxOpenFiles > 0)
        {
            script.Append("ulimit -S -n ").Append(order.MaxOpenFiles).Append(" 2>/dev/null\n");
        }

        script.Append("exec ").Append(Descriptor).Append("<&-\nexec ").Append(Quoted(order.Program));
        foreach (var argument in order.Arguments)
        {
            script.Append(' ').Append(Quoted(argument));
        }

        return Encoding.UTF8.GetBytes(script.Append('\n').ToString());
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 256 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    // Within single quotes the shell knows no special character but the quote.
    private static string Quoted(string value) => value.Contains('\0', StringComparison.Ordinal)
        ? throw new ArgumentException("An argument or a variable holds a zero character.", nameof(value))
        : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
