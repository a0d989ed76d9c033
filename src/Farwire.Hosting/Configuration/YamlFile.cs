using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Farwire.Hosting.Configuration;

/// <summary>A file of YAML 1.2, of which the first document counts.</summary>
internal static class YamlFile
{
    /// <summary>The root of the file's document; null when the file holds none.</summary>
    /// <exception cref="ConfigurationFileException">It cannot be read, is larger than <paramref name="maxBytes"/>, or is no YAML.</exception>
    public static YamlNode? Load(string file, int maxBytes = 1024 * 1024)
    {
        try
        {
            if (new FileInfo(file).Length > maxBytes)
            {
                throw new ConfigurationFileException(file, 0, $"the file has more than {maxBytes} bytes.");
            }

            using var text = File.OpenText(file);
            var yaml = new YamlStream();
            yaml.Load(text);
            return yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode;
        }
        catch (YamlException e)
        {
            throw new ConfigurationFileException(file, e.Start.Line, e.InnerException?.Message ?? e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationFileException(file, 0, e.Message);
        }
    }
}
