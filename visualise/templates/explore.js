"use strict";
(function () {
  var data = JSON.parse(document.getElementById("map-data").textContent);
  var section = document.getElementById("explore");
  var box = document.getElementById("canvas");
  var status = document.getElementById("status");
  section.hidden = false;
  var nodes = new vis.DataSet(data.nodes);
  var edges = new vis.DataSet(data.edges);
  var network = new vis.Network(box, { nodes: nodes, edges: edges }, data.options);
  var at = null;

  function say(words) {
    status.textContent = words;
  }

  function go(id) {
    at = id;
    network.selectNodes([id]);
    network.focus(id, { scale: network.getScale(), animation: false });
    say(nodes.get(id).said);
  }

  function nearest(dx, dy) {
    if (at === null) {
      return data.nodes.length ? data.nodes[0].id : null;
    }
    var here = nodes.get(at);
    var best = null;
    var least = Infinity;
    data.nodes.forEach(function (node) {
      var along = (node.x - here.x) * dx + (node.y - here.y) * dy;
      var aside = Math.abs((node.x - here.x) * dy) + Math.abs((node.y - here.y) * dx);
      if (node.id !== at && along > 0 && along + 2 * aside < least) {
        least = along + 2 * aside;
        best = node.id;
      }
    });
    return best;
  }

  function links() {
    var said = data.edges.filter(function (edge) {
      return edge.from === at || edge.to === at;
    });
    say(said.length ? said.map(function (edge) { return edge.said; }).join(" ") : "No links are shown.");
  }

  var moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  box.addEventListener("keydown", function (event) {
    var move = moves[event.key];
    if (move) {
      var next = nearest(move[0], move[1]);
      if (next !== null) { go(next); }
    } else if (event.key === "Enter" && at !== null) {
      links();
    } else if (event.key === "Home" || event.key === "End") {
      if (data.nodes.length) { go(data.nodes[event.key === "Home" ? 0 : data.nodes.length - 1].id); }
    } else if (event.key === "+" || event.key === "-") {
      network.moveTo({ scale: network.getScale() * (event.key === "+" ? 1.25 : 0.8) });
    } else if (event.key === "0") {
      network.fit({ animation: false });
    } else {
      return;
    }
    event.preventDefault();
  });
  network.on("selectNode", function (event) { go(event.nodes[0]); links(); });
})();
