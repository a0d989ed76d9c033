namespace Farwire.Security.Accounts;

/// <summary>A user of Farwire's own, beside those of the system.</summary>
/// <param name="Name">Compared without regard to case.</param>
/// <param name="Account">The Unix account that the user's work runs as.</param>
/// <param name="Password">The hash of the password.</param>
/// <param name="NtHash">The NT hash, sealed under a <see cref="SecretKey"/>; null when the user did not opt in to NTLM and CredSSP.</param>
/// <param name="DigestSecret">What Digest needs, sealed likewise; null when the user did not opt in to Digest.</param>
public sealed record StoredUser(string Name, string Account, PasswordHash Password, string? NtHash = null, string? DigestSecret = null);

/// <summary>Farwire's own users in a file: one line each, <c>name:account:hash[:sealed NT hash[:sealed secret of Digest]]</c>, readable by the service alone.</summary>
public sealed class UserStore
{
    /// <summary>Users that a store may have.</summary>
    public const int MaxUsers = 10_000;

    private static readonly char[] Forbidden = [':', '\n', '\r', '\0'];

    private readonly string? _path; // null: in memory alone
    private readonly Lock _lock = new();
    private Snapshot _snapshot;

    private UserStore(string? path)
    {
        _path = path;
        _snapshot = Read();
    }

    /// <summary>Goes up with every change: whoever remembers a verdict remembers it for one version.</summary>
    public int Version => Current().Version;

    /// <summary>All users, by name.</summary>
    public IReadOnlyCollection<StoredUser> Users => [.. Current().Users.Values];

    /// <summary>Opens the store in <paramref name="path"/>; a file that is missing is an empty store.</summary>
    /// <exception cref="InvalidDataException">A line of the file is not a user.</exception>
    public static UserStore Open(string path) => new(path);

    /// <summary>A store without a file: its users live as long as it does.</summary>
    public static UserStore InMemory() => new(null);

    /// <summary>The user <paramref name="name"/>, or null.</summary>
    public StoredUser? Find(string name) => Find(name, out _);

    /// <summary>The same, with the version that the answer is of.</summary>
    public StoredUser? Find(string name, out int version)
    {
        var current = Current();
        version = current.Version;
        return current.Users.GetValueOrDefault(name);
    }

    /// <summary>Adds a user, or replaces the one of the same name.</summary>
    /// <exception cref="ArgumentException">A name that cannot stand in the file.</exception>
    public void Put(StoredUser user)
    {
        if (user.Name.Length == 0 || user.Name.IndexOfAny(Forbidden) >= 0 || user.Account.IndexOfAny(Forbidden) >= 0)
        {
            throw new ArgumentException("A user's name is not empty, and neither name nor account holds colons or line breaks.", nameof(user));
        }

        Change(users => users[user.Name] = user);
    }

    /// <summary>Removes a user; false when there is none.</summary>
    public bool Remove(string name)
    {
        var removed = false;
        Change(users => removed = users.Remove(name));
        return removed;
    }

    private void Change(Action<Dictionary<string, StoredUser>> change)
    {
        lock (_lock)
        {
            var users = new Dictionary<string, StoredUser>((_path is null ? _snapshot : Read()).Users, StringComparer.OrdinalIgnoreCase);
            change(users);
            if (users.Count > MaxUsers)
            {
                throw new InvalidOperationException($"A store has at most {MaxUsers} users.");
            }

            if (_path is null)
            {
                _snapshot = _snapshot with { Users = users, Version = _snapshot.Version + 1 };
                return;
            }

            var temporary = _path + ".new";
            File.Delete(temporary);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(temporary, options))
            {
                foreach (var user in users.Values.OrderBy(u => u.Name, StringComparer.OrdinalIgnoreCase))
                {
                    writer.WriteLine($"{user.Name}:{user.Account}:{user.Password}:{user.NtHash}:{user.DigestSecret}".TrimEnd(':'));
                }
            }

            File.Move(temporary, _path, overwrite: true);
            _snapshot = Read() with { Version = _snapshot.Version + 1 };
        }
    }

    // Other processes change the file too, and a changed password counts at once.
    private Snapshot Current()
    {
        var snapshot = Volatile.Read(ref _snapshot);
        if (_path is null || File.GetLastWriteTimeUtc(_path) == snapshot.Written)
        {
            return snapshot;
        }

        lock (_lock)
        {
            if (File.GetLastWriteTimeUtc(_path) != _snapshot.Written)
            {
                _snapshot = Read() with { Version = _snapshot.Version + 1 };
            }

            return _snapshot;
        }
    }

    private Snapshot Read()
    {
        var users = new Dictionary<string, StoredUser>(StringComparer.OrdinalIgnoreCase);
        if (_path is null)
        {
            return new Snapshot(users, default, 0);
        }

        var written = File.GetLastWriteTimeUtc(_path);
        if (File.Exists(_path))
        {
            var number = 0;
            foreach (var line in File.ReadLines(_path))
            {
                number++;
                if (line.Length == 0 || line[0] == '#')
                {
                    continue;
                }

                if (line.Split(':') is not [{ Length: > 0 } name, var account, var hash, .. var rest] || rest.Length > 2 || !PasswordHash.TryParse(hash, out var password))
                {
                    throw new InvalidDataException($"{_path}, line {number}: a user is written as name:account:hash, with :nt and :digest after it where the user has them.");
                }

                users[name] = users.Count < MaxUsers
                    ? new StoredUser(name, account, password, Given(rest, 0), Given(rest, 1))
                    : throw new InvalidDataException($"{_path} has more than {MaxUsers} users.");
            }
        }

        return new Snapshot(users, written, 0);
    }

    private static string? Given(string[] fields, int index) => index < fields.Length && fields[index].Length > 0 ? fields[index] : null;

    private sealed record Snapshot(IReadOnlyDictionary<string, StoredUser> Users, DateTime Written, int Version);
}
