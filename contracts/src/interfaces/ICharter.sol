// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Rules} from "../dao/Rules.sol";

/// @title Charter: what DAOs of the framework have laid down about who votes with what weight, and about their AI
/// @notice One contract for all DAOs. A DAO is written about by itself alone: at its making, then by its own votes. Rules
/// hold for proposals whose snapshot is not before they were set, so no vote changes its weight while it is under way.
interface ICharter {
    event RulesSet(address indexed dao, Rules rules);
    event AiFeaturesSet(address indexed dao, bytes32 promptHash, string features);

    error NotTheDao();
    error NotRuled();
    error BadCap();
    error BadAgentShare();
    error BadScore();
    error NotAnAttestor();
    /// @notice Rules need an Auto ID that was in a seat of the DAO at the snapshot.
    error NoSeat();
    error NotLive();
    error AgentsForbidden();
    error ScoreTooLow(uint8 score);

    /// @notice Writes the first page of the DAO that calls. Plain rules and a zero hash leave nothing behind.
    function begin(Rules calldata rules, bytes32 promptHash, string calldata features) external;

    /// @notice Sets the rules of a DAO from now on; by its timelock.
    function setRules(address dao, Rules calldata rules) external;

    /// @notice Says which AI features a DAO uses, and the hash of their prompts; by its timelock.
    function setAiFeatures(address dao, bytes32 promptHash, string calldata features) external;

    /// @notice Hash of the prompts of a DAO's AI features, 0 for none.
    function promptHash(address dao) external view returns (bytes32);

    /// @notice The rules for proposals with this snapshot.
    function rulesAt(address dao, uint256 timepoint) external view returns (Rules memory);

    /// @notice What a vote of the account weighs; reverts with the reason when it may not vote. An agent that only advises
    /// weighs 0: it votes by `castVote` or `castVoteBySig`, and its `VoteCast` says 0.
    function weightOf(address dao, address account, uint256 timepoint) external view returns (uint256);

    /// @notice As `weightOf` for the DAO that calls.
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256);

    /// @notice What so many tokens in one hand weigh. A DAO's quorum is this of its percent of the supply: because a crowd
    /// never weighs less than one voter with all its tokens, it is reached at the latest with these tokens.
    function transformed(address dao, uint256 timepoint, uint256 votes) external view returns (uint256);

    /// @notice What a voter with all there is of the token now would weigh.
    function heaviest(Rules calldata rules, address token) external view returns (uint256);

    /// @notice The hash of a proposal's title, which ballots carry in words; reverts when the description ends with
    /// `#proposer=0x…` and names somebody else, so that nobody can take a proposal away from its author by being faster.
    function titleFor(address proposer, string calldata description) external pure returns (bytes32);

    /// @notice Reverts when a DAO may not have these rules.
    function validate(Rules calldata rules) external view;
}
