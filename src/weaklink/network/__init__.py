"""Does the physical system still deliver through the winter? Nodes, links, storages, dispatch, outages."""
