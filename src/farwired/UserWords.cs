namespace Farwire.Daemon;

/// <summary>The words after <c>farwired user</c>: a verb, a name but for list, and options.</summary>
internal sealed record UserWords(string Verb, string Name, string File, string Key)
{
    private const string Folder = "/var/lib/farwire";

    /// <summary>The Unix account, when it is given.</summary>
    public string? Account { get; private init; }

    /// <summary>The user may come by NTLM and CredSSP too.</summary>
    public bool NtHash { get; private init; }

    /// <summary>Reads the words.</summary>
    /// <exception cref="FormatException">They do not have the form.</exception>
    public static UserWords Parse(string[] args)
    {
        var verb = args.FirstOrDefault() is "add" or "passwd" or "remove" or "list" ? args[0] : throw new FormatException("user takes: add NAME, passwd NAME, remove NAME, or list");
        string? name = null, file = null, key = null, account = null;
        var ntHash = false;
        for (var i = 1; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--file":
                    file = Value(args, ref i);
                    break;
                case "--key":
                    key = Value(args, ref i);
                    break;
                case "--account" when verb == "add":
                    account = Value(args, ref i);
                    break;
                case "--nt-hash" when verb is "add" or "passwd":
                    ntHash = true;
                    break;
                case { } word when name is null && verb != "list" && !word.StartsWith('-'):
                    name = word;
                    break;
                default:
                    throw new FormatException($"user {verb} does not take '{args[i]}'");
            }
        }

        if (name is null && verb != "list")
        {
            throw new FormatException($"user {verb} needs the name of a user");
        }

        file ??= Path.Combine(Folder, "users");
        return new UserWords(verb, name ?? "", file, key ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "key")) { Account = account, NtHash = ntHash };
    }

    private static string Value(string[] args, ref int at) => ++at < args.Length ? args[at] : throw new FormatException($"{args[at - 1]} needs a value");
}
