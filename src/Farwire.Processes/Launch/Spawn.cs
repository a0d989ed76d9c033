using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Farwire.Processes.Launch;

/// <summary>One call of posix_spawn: a new session, three pipes, default signals, nothing else inherited.</summary>
/// <remarks>POSIX, "posix_spawn". The C library shares memory with the child until exec, so the size of the service does not count.</remarks>
internal static unsafe class Spawn
{
    // Since glibc 2.34. Without it close-on-exec is what keeps descriptors back; the runtime opens all of its own so.
    private static readonly bool CanCloseAll =
        NativeLibrary.TryLoad("libc.so.6", out var c) && NativeLibrary.TryGetExport(c, "posix_spawn_file_actions_addclosefrom_np", out _);

    /// <summary>Starts the program and answers its id. <paramref name="error"/> is the errno of the failure, or 0.</summary>
    public static int Run(ProgramStart start, IReadOnlyList<string> environment, ReadOnlySpan<int> standardStreams, out int error)
    {
        using var arguments = new NativeStrings([start.Program, .. start.Arguments]);
        using var variables = new NativeStrings(environment);
        var actions = stackalloc byte[Native.OpaqueBytes];
        var attributes = stackalloc byte[Native.OpaqueBytes];
        var signals = stackalloc byte[Native.OpaqueBytes];
        Check(Native.InitActions(actions));
        Check(Native.InitAttributes(attributes));
        try
        {
            for (var i = 0; i < standardStreams.Length; i++)
            {
                Check(Native.AddDuplicate(actions, standardStreams[i], i));
            }

            if (CanCloseAll)
            {
                Check(Native.AddCloseFrom(actions, standardStreams.Length));
            }

            if (start.WorkingDirectory is { } directory)
            {
                Check(Native.AddChangeDirectory(actions, directory));
            }

            // The runtime ignores SIGPIPE and masks others; a program that inherits that behaves differently than from a terminal.
            Check(Native.FillSignals(signals));
            Check(Native.SetSignalDefaults(attributes, signals));
            Check(Native.EmptySignals(signals));
            Check(Native.SetSignalMask(attributes, signals));
            Check(Native.SetFlags(attributes, Native.SpawnNewSession | Native.SpawnSetSignalDefaults | Native.SpawnSetSignalMask));
            int id;
            fixed (byte* file = Encoding.UTF8.GetBytes(start.Program + '\0'))
            {
                error = Native.Spawn(&id, file, actions, attributes, arguments.Pointer, variables.Pointer);
            }

            return error == 0 ? id : 0;
        }
        finally
        {
            _ = Native.DestroyAttributes(attributes);
            _ = Native.DestroyActions(actions);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }
}
