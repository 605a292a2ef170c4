// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BravoTimelock} from "./BravoTimelock.sol";

interface IPriorVotes {
    function getPriorVotes(address account, uint256 blockNumber) external view returns (uint96);
}

/// Somebody else's DAO: what front ends know of Compound's Governor Bravo, in a contract that does no more than that.
contract BravoGovernor {
    enum ProposalState {
        Pending,
        Active,
        Canceled,
        Defeated,
        Succeeded,
        Queued,
        Expired,
        Executed
    }

    struct Proposal {
        uint256 id;
        address proposer;
        uint256 eta;
        uint256 startBlock;
        uint256 endBlock;
        uint256 forVotes;
        uint256 againstVotes;
        uint256 abstainVotes;
        bool canceled;
        bool executed;
    }

    struct Actions {
        address[] targets;
        uint256[] values;
        string[] signatures;
        bytes[] calldatas;
    }

    struct Receipt {
        bool hasVoted;
        uint8 support;
        uint96 votes;
    }

    string public constant name = "Test Governor Bravo";
    bytes32 public constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");
    bytes32 public constant BALLOT_TYPEHASH = keccak256("Ballot(uint256 proposalId,uint8 support)");

    IPriorVotes public immutable comp;
    BravoTimelock public immutable timelock;
    uint256 public immutable votingDelay;
    uint256 public immutable votingPeriod;
    uint256 public immutable quorumVotes;

    uint256 public proposalCount;
    mapping(uint256 proposalId => Proposal) public proposals;
    mapping(uint256 proposalId => Actions) private _actions;
    mapping(uint256 proposalId => mapping(address voter => Receipt)) private _receipts;

    event ProposalCreated(
        uint256 id,
        address proposer,
        address[] targets,
        uint256[] values,
        string[] signatures,
        bytes[] calldatas,
        uint256 startBlock,
        uint256 endBlock,
        string description
    );
    event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 votes, string reason);
    event ProposalCanceled(uint256 id);
    event ProposalQueued(uint256 id, uint256 eta);
    event ProposalExecuted(uint256 id);

    error UnknownProposal();
    error WrongState(ProposalState state);
    error NotProposer();
    error AlreadyVoted();
    error InvalidSupport();
    error InvalidSignature();

    constructor(
        IPriorVotes comp_,
        uint256 votingDelay_,
        uint256 votingPeriod_,
        uint256 quorumVotes_,
        uint256 timelockDelay
    ) {
        comp = comp_;
        votingDelay = votingDelay_;
        votingPeriod = votingPeriod_;
        quorumVotes = quorumVotes_;
        timelock = new BravoTimelock(timelockDelay);
    }

    function propose(
        address[] memory targets,
        uint256[] memory values,
        string[] memory signatures,
        bytes[] memory calldatas,
        string memory description
    ) external returns (uint256 id) {
        id = ++proposalCount;
        Proposal storage proposal = proposals[id];
        (proposal.id, proposal.proposer) = (id, msg.sender);
        proposal.startBlock = block.number + votingDelay;
        proposal.endBlock = proposal.startBlock + votingPeriod;
        _actions[id] = Actions(targets, values, signatures, calldatas);
        emit ProposalCreated(
            id, msg.sender, targets, values, signatures, calldatas, proposal.startBlock, proposal.endBlock, description
        );
    }

    function queue(uint256 proposalId) external {
        _require(proposalId, ProposalState.Succeeded);
        uint256 eta = block.timestamp + timelock.delay();
        proposals[proposalId].eta = eta;
        Actions storage actions = _actions[proposalId];
        for (uint256 i; i < actions.targets.length; ++i) {
            timelock.queueTransaction(
                actions.targets[i], actions.values[i], actions.signatures[i], actions.calldatas[i], eta
            );
        }
        emit ProposalQueued(proposalId, eta);
    }

    function execute(uint256 proposalId) external {
        _require(proposalId, ProposalState.Queued);
        Proposal storage proposal = proposals[proposalId];
        proposal.executed = true;
        Actions storage actions = _actions[proposalId];
        for (uint256 i; i < actions.targets.length; ++i) {
            timelock.executeTransaction(
                actions.targets[i], actions.values[i], actions.signatures[i], actions.calldatas[i], proposal.eta
            );
        }
        emit ProposalExecuted(proposalId);
    }

    function cancel(uint256 proposalId) external {
        if (msg.sender != proposals[proposalId].proposer) revert NotProposer();
        proposals[proposalId].canceled = true;
        emit ProposalCanceled(proposalId);
    }

    function castVote(uint256 proposalId, uint8 support) external {
        _vote(msg.sender, proposalId, support, "");
    }

    function castVoteWithReason(uint256 proposalId, uint8 support, string calldata reason) external {
        _vote(msg.sender, proposalId, support, reason);
    }

    function castVoteBySig(uint256 proposalId, uint8 support, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 domain = keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(name)), block.chainid, address(this)));
        bytes32 ballot = keccak256(abi.encode(BALLOT_TYPEHASH, proposalId, support));
        address voter = ecrecover(keccak256(abi.encodePacked("\x19\x01", domain, ballot)), v, r, s);
        if (voter == address(0)) revert InvalidSignature();
        _vote(voter, proposalId, support, "");
    }

    function getReceipt(uint256 proposalId, address voter) external view returns (Receipt memory) {
        return _receipts[proposalId][voter];
    }

    function getActions(uint256 proposalId)
        external
        view
        returns (address[] memory, uint256[] memory, string[] memory, bytes[] memory)
    {
        Actions storage actions = _actions[proposalId];
        return (actions.targets, actions.values, actions.signatures, actions.calldatas);
    }

    function state(uint256 proposalId) public view returns (ProposalState) {
        if (proposalId == 0 || proposalId > proposalCount) revert UnknownProposal();
        Proposal storage proposal = proposals[proposalId];
        if (proposal.canceled) return ProposalState.Canceled;
        if (block.number <= proposal.startBlock) return ProposalState.Pending;
        if (block.number <= proposal.endBlock) return ProposalState.Active;
        if (proposal.forVotes <= proposal.againstVotes || proposal.forVotes < quorumVotes) {
            return ProposalState.Defeated;
        }
        if (proposal.eta == 0) return ProposalState.Succeeded;
        if (proposal.executed) return ProposalState.Executed;
        if (block.timestamp >= proposal.eta + timelock.GRACE_PERIOD()) return ProposalState.Expired;
        return ProposalState.Queued;
    }

    function _vote(address voter, uint256 proposalId, uint8 support, string memory reason) private {
        _require(proposalId, ProposalState.Active);
        Receipt storage receipt = _receipts[proposalId][voter];
        if (receipt.hasVoted) revert AlreadyVoted();
        Proposal storage proposal = proposals[proposalId];
        uint96 votes = comp.getPriorVotes(voter, proposal.startBlock);
        if (support == 0) proposal.againstVotes += votes;
        else if (support == 1) proposal.forVotes += votes;
        else if (support == 2) proposal.abstainVotes += votes;
        else revert InvalidSupport();
        (receipt.hasVoted, receipt.support, receipt.votes) = (true, support, votes);
        emit VoteCast(voter, proposalId, support, votes, reason);
    }

    function _require(uint256 proposalId, ProposalState wanted) private view {
        ProposalState found = state(proposalId);
        if (found != wanted) revert WrongState(found);
    }
}
