using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.DBus;
using Farwire.Linux.Files;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Tests;

/// <summary>A system made of files: what its classes say, the test knows.</summary>
internal sealed class FakeTree : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("farwire-tree-").FullName;

    public FakeTree()
    {
        foreach (var folder in new[] { "proc", "sys", "etc", "run", "var" })
        {
            Directory.CreateDirectory(Path.Combine(_root, folder));
        }
    }

    public LinuxPaths Paths => new(_root + "/proc", _root + "/sys", _root + "/etc", _root + "/run", _root + "/var");

    public FakeTree With(string path, string text) => With(path, System.Text.Encoding.UTF8.GetBytes(text));

    public FakeTree With(string path, byte[] bytes)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        return this;
    }

    public async Task<List<CimInstance>> ListAsync(string className, string namespaceName = "root/cimv2", TimeProvider? time = null)
    {
        var catalog = CimProviders.Linux(Paths, time, new SystemBus("unix:path=/nowhere/bus"));
        var provider = catalog.Namespaces.Single(n => n.Name == namespaceName).Providers.Single(p => p.Class.Name == className);
        return await provider.EnumerateAsync(CimNeed.All, CancellationToken.None).ToListAsync();
    }

    public async Task<CimInstance> OneAsync(string className) => Assert.Single(await ListAsync(className));

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
