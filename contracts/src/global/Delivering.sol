// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IChallenge} from "../interfaces/IChallenge.sol";
import {Bidding} from "./Bidding.sol";

/// How work is handed in: first a commitment that only its author can open, then what it was.
abstract contract Delivering is Bidding {
    uint256 private constant MAX_CONTRIBUTORS = 16;

    /// Root over all parts, as the last task handed it in.
    bytes32 internal _manifest;

    mapping(uint256 task => mapping(uint256 round => mapping(uint256 autoId => bool))) private _contributed;

    /// @inheritdoc IChallenge
    function commitDelivery(uint256 task, bytes32 commitment) external nonReentrant onlyIn(State.Working) {
        Task storage t = _assigned(task, TaskState.Assigned);
        if (commitment == 0) revert BadCommitment();
        (t.state, t.deliverable, t.committedAt) = (TaskState.Committed, commitment, uint48(block.timestamp));
        t.until = uint48(block.timestamp + _terms.revealTime);
        emit DeliveryCommitted(task, t.assignee, commitment, t.until);
    }

    /// @inheritdoc IChallenge
    function revealDelivery(uint256 task, Delivery calldata delivery) external nonReentrant onlyIn(State.Working) {
        Task storage t = _assigned(task, TaskState.Committed);
        if (block.timestamp == t.committedAt) revert TooEarly();
        if (t.deliverable != commitmentOf(task, t.assignee, delivery)) revert BadCommitment();
        if (delivery.deliverable == 0) revert BadDelivery();
        _noteContributors(task, t.round, delivery.contributors);
        (t.state, t.deliverable) = (TaskState.Delivered, delivery.deliverable);
        t.until = uint48(block.timestamp + _terms.reviewTime);
        ++t.session;
        emit Delivered(task, t.assignee, delivery.deliverable, delivery.cid, delivery.contributors, t.until);
        if (!_isLast(task)) return;
        _manifest = manifestRoot();
        emit ManifestSubmitted(_manifest, task);
    }

    /// @inheritdoc IChallenge
    function commitmentOf(uint256 task, uint256 dao, Delivery calldata delivery) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), task, dao, delivery));
    }

    /// @inheritdoc IChallenge
    function manifestRoot() public view returns (bytes32) {
        uint256 count = _tasks.length;
        if (count == 0) return 0;
        bytes32[] memory nodes = new bytes32[](--count);
        for (uint256 i; i < count; ++i) {
            nodes[i] = _leaf(i, _tasks[i].deliverable);
        }
        // A node without a neighbour goes up as it is.
        for (; count > 1; count = (count + 1) / 2) {
            for (uint256 i; i < count; i += 2) {
                nodes[i / 2] = i + 1 == count ? nodes[i] : _pair(nodes[i], nodes[i + 1]);
            }
        }
        return nodes[0];
    }

    /// @inheritdoc IChallenge
    function isPart(uint256 task, bytes32 deliverable, bytes32[] calldata proof) external view returns (bool) {
        return _manifest != 0 && MerkleProof.verifyCalldata(proof, _manifest, _leaf(task, deliverable));
    }

    function _hasContributed(uint256 task, Task storage t, uint256 autoId) internal view returns (bool) {
        return autoId != 0 && _contributed[task][t.round][autoId];
    }

    function _assigned(uint256 task, TaskState wanted) private view returns (Task storage t) {
        t = _task(task);
        if (t.state != wanted) revert WrongState();
        if (block.timestamp > t.until) revert TooLate();
        if (!_global.actsFor(t.assignee, msg.sender)) revert NotForThisDao();
    }

    function _noteContributors(uint256 task, uint256 round, uint256[] calldata contributors) private {
        if (contributors.length == 0 || contributors.length > MAX_CONTRIBUTORS) revert BadContributors();
        uint256 last;
        uint256 shares;
        for (uint256 i; i < contributors.length; ++i) {
            uint256 id = contributors[i] >> 16;
            if (id <= last) revert BadContributors();
            _contributed[task][round][id] = true;
            shares += uint16(contributors[i]);
            last = id;
        }
        if (shares != FULL) revert BadContributors();
    }

    /// Hashed twice, so that no inner node can pass for a leaf.
    function _leaf(uint256 task, bytes32 deliverable) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(task, deliverable))));
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }
}
