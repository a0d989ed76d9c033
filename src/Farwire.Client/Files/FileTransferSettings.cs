namespace Farwire.Client.Files;

/// <summary>By which way files travel.</summary>
public enum FileTransferMethod
{
    /// <summary>PowerShell for Windows, the shell for all else.</summary>
    Automatic,

    /// <summary>The command shell of a Linux service and the programs that every Linux has.</summary>
    Shell,

    /// <summary>PowerShell, on any system that has it.</summary>
    PowerShell,
}

/// <summary>How files are copied.</summary>
public sealed record FileTransferSettings
{
    /// <summary>The way.</summary>
    public FileTransferMethod Method { get; init; }

    /// <summary>The session configuration, where the way is PowerShell.</summary>
    public string ConfigurationName { get; init; } = "Microsoft.PowerShell";

    /// <summary>Shells that work side by side.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Leaves files alone that are there already, and goes on where an earlier copy was cut. All of it is proved by SHA-256.</summary>
    public bool Resume { get; init; } = true;

    /// <summary>Says what would be copied, and copies nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Hears how far it is.</summary>
    public IProgress<FileProgress>? Progress { get; init; }
}

/// <summary>How far a copy is.</summary>
/// <param name="Files">Files that are done.</param>
/// <param name="TotalFiles">All files.</param>
/// <param name="Bytes">Bytes that are done.</param>
/// <param name="TotalBytes">All bytes.</param>
/// <param name="Path">The file that was touched last.</param>
public readonly record struct FileProgress(int Files, int TotalFiles, long Bytes, long TotalBytes, string Path);

/// <summary>Something that could not be copied. All else was.</summary>
/// <param name="Path">What.</param>
/// <param name="Message">Why.</param>
public sealed record FileProblem(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>What a copy did.</summary>
public sealed record FileTransferSummary
{
    /// <summary>Files that were copied and proved equal.</summary>
    public int Copied { get; init; }

    /// <summary>Files that were there already.</summary>
    public int Kept { get; init; }

    /// <summary>Bytes that went over the network.</summary>
    public long Bytes { get; init; }

    /// <summary>What could not be copied.</summary>
    public IReadOnlyList<FileProblem> Problems { get; init; } = [];
}

/// <summary>A copy could not be done.</summary>
/// <param name="path">What it was about.</param>
/// <param name="message">Why.</param>
/// <param name="inner">What came before.</param>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1032", Justification = "It exists only with its path.")]
public sealed class FileTransferException(string path, string message, Exception? inner = null) : IOException($"{path}: {message}", inner)
{
    /// <summary>What it was about.</summary>
    public string Path { get; } = path;
}
