using Farwire.CommandLine.Grammar;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Farwire.CommandLine.Connection;

/// <summary>A file of YAML 1.2 that somebody wrote for the commands.</summary>
internal static class YamlFile
{
    /// <summary>Its documents.</summary>
    /// <exception cref="UsageException">It cannot be read, is larger than <paramref name="maxBytes"/>, or is no YAML.</exception>
    public static IList<YamlDocument> Load(string file, int maxBytes)
    {
        try
        {
            if (new FileInfo(file).Length > maxBytes)
            {
                throw new UsageException($"{file} is larger than {maxBytes} bytes.");
            }

            using var text = File.OpenText(file);
            var yaml = new YamlStream();
            yaml.Load(text);
            return yaml.Documents;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or YamlException)
        {
            throw new UsageException($"{file}: {e.Message}");
        }
    }
}
