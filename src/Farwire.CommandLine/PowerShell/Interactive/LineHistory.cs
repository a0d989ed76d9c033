using System.Text;

namespace Farwire.CommandLine.PowerShell.Interactive;

/// <summary>The lines that were typed for a host, in a file of their own that only the user reads.</summary>
/// <remarks>As in other shells, a line that begins with a blank is not kept: a secret in a line can be left out.</remarks>
internal sealed class LineHistory
{
    private const int MaxLines = 2000;
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly string? _file;
    private readonly List<string> _lines = [];

    private LineHistory(string? file) => _file = file;

    public int Count => _lines.Count;

    public string this[int index] => _lines[index];

    /// <summary>The history of a host; without a home folder it lives as long as the session.</summary>
    public static LineHistory Of(string host, Terminal terminal)
    {
        var state = terminal.Environment("XDG_STATE_HOME") is { Length: > 0 } named ? named
            : terminal.Environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "state")
            : null;
        var name = string.Concat(host.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
        var history = new LineHistory(state is null ? null : Path.Combine(state, "farwire", "history", name));
        history.Load();
        return history;
    }

    /// <summary>Keeps a line, unless it is the last one again or begins with a blank.</summary>
    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || line[0] == ' ' || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        if (_file is not null)
        {
            using var file = Open(FileMode.Append, FileAccess.Write);
            file.Write(Encoding.UTF8.GetBytes(Escaped(line) + "\n"));
        }
    }

    private void Load()
    {
        if (_file is null || !File.Exists(_file))
        {
            return;
        }

        using var file = Open(FileMode.Open, FileAccess.Read);
        file.Position = Math.Max(0, file.Length - MaxBytes);
        using var reader = new StreamReader(file, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            _lines.Add(Unescaped(line));
        }

        _lines.RemoveRange(0, Math.Max(0, _lines.Count - MaxLines));
    }

    private FileStream Open(FileMode mode, FileAccess access)
    {
        var folder = Path.GetDirectoryName(_file)!;
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.ReadWrite };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = mode == FileMode.Open ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(_file!, options);
    }

    // A line of the file is a line of the history, and that may have several.
    private static string Escaped(string line) => line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Unescaped(string line)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < line.Length; i++)
        {
            plain.Append(line[i] == '\\' && i + 1 < line.Length ? line[++i] == 'n' ? '\n' : line[i] : line[i]);
        }

        return plain.ToString();
    }
}
